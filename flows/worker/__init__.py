"""Runs flows in a process of their own: whatever a flow's code does costs that process, never the one that asked.

    supervisor = Supervisor(folder)
    handle = supervisor.run(RunRequest(folder, "flow.dag.yaml", inputs={...}), listener)
"""

from __future__ import annotations

from flowloom.flows.compat.tool_settings import DynamicList, GeneratedBy, InputSetting, enable_cache, register


def test_a_tool_with_settings_runs(run_tool):
    code = (
        "from promptflow.core import tool\nfrom promptflow.entities import DynamicList, InputSetting\n"
        "from promptflow._internal import enable_cache, register_connections\n"
        "def choices(): return []\n"
        "settings = {'a': InputSetting(is_multi_select=True, dynamic_list=DynamicList(function=choices), ui_hints={'x': 1})}\n"
        "@tool(name='T', input_settings=settings)\n@enable_cache(choices)\ndef t(a: str): return a\nregister_connections([])\n"
    )
    assert run_tool(code, {"a": "x"}).outputs == {"out": "x"}


def test_settings_keep_what_they_were_given():
    setting = InputSetting(allow_manual_entry=True, enabled_by="b", enabled_by_value=["c"], more=1)
    assert (setting.allow_manual_entry, setting.enabled_by, setting.is_multi_select, setting._kwargs) == (True, "b", None, {"more": 1})
    assert DynamicList("m.f", {"a": "b"}).input_mapping == {"a": "b"}
    assert GeneratedBy("m.f", "m.g").input_settings == {}


def test_registering_gives_back_what_is_registered():
    assert register(InputSetting) is InputSetting
    assert register()(InputSetting) is InputSetting
    assert enable_cache()(InputSetting) is InputSetting

from __future__ import annotations

from flowloom.flows.model.edits import (
    AddVariant,
    DeleteNodes,
    DeleteVariant,
    DropVariants,
    RenameNode,
    RenameVariant,
    SetDefaultVariant,
    SetInput,
    SetVariantDescription,
    UseVariants,
    apply,
)

PLAIN = """\
nodes:
- name: ask   # the model
  type: llm
  source: {type: code, path: ask.jinja2}
  inputs:
    # Sampling
    temperature: 0   # cold
    prompt: |
      two
        lines
  connection: local
  api: chat
# after
"""
VARIED = """\
nodes:
- name: ask   # the model
  use_variants: true
node_variants:
  ask:
    default_variant_id: variant_0
    variants:
      variant_0:
        node:
          type: llm
          source: {type: code, path: ask.jinja2}
          inputs:
            # Sampling
            temperature: 0   # cold
            prompt: |
              two
                lines
          connection: local
          api: chat
# after
"""


def after(edit: object, text: str) -> str:
    return apply({"flow.dag.yaml": text}, edit).files["flow.dag.yaml"]  # pyright: ignore[reportArgumentType]


def test_the_body_moves_with_its_comments_and_back() -> None:
    assert after(UseVariants("ask"), PLAIN) == VARIED
    assert after(DropVariants("ask"), VARIED) == PLAIN


def test_a_body_in_brackets_moves_too() -> None:
    text = "nodes: [{name: a, type: prompt, source: {path: a.jinja2}}]\n"
    varied = after(UseVariants("a"), text)
    assert varied == (
        "nodes: [{name: a, use_variants: true}]\n"
        "node_variants:\n  a:\n    default_variant_id: variant_0\n    variants:\n      variant_0:\n        node:\n"
        "          type: prompt\n          source:\n            path: a.jinja2\n"
    )
    assert after(DropVariants("a"), varied) == text


def test_a_second_variant_starts_as_a_copy() -> None:
    text = after(AddVariant("ask", "warm", description="more words"), VARIED)
    assert text.startswith(VARIED.removesuffix("# after\n"))
    text = after(SetInput("ask", "temperature", 1, variant="warm"), text)
    assert "            temperature: 0   # cold\n" in text
    assert text.count("temperature: 1\n") == 1
    text = after(SetDefaultVariant("ask", "warm"), text)
    text = after(SetInput("ask", "temperature", 0.5), text)
    assert "temperature: 0.5\n" in text
    assert "temperature: 0   # cold\n" in text
    assert "default_variant_id: warm\n" in text
    text = after(RenameVariant("ask", "warm", "hot"), text)
    assert "default_variant_id: hot\n" in text
    assert "      hot:\n" in text
    text = after(SetVariantDescription("ask", "variant_0", "the first"), text)
    assert "      variant_0:\n        description: the first\n        node:\n" in text


def test_renaming_and_deleting_a_node_act_on_all_its_variants() -> None:
    text = after(AddVariant("ask", "warm"), VARIED)
    text = text.replace("nodes:\n", "nodes:\n- {name: b, type: prompt, source: {path: b}}\n", 1).replace(
        "temperature: 0", "temperature: ${b}"
    )
    renamed = after(RenameNode("b", "c"), text)
    assert "${b}" not in renamed
    assert renamed.count("${c}") == 2
    assert "\n  question:\n" in after(RenameNode("ask", "question"), text)
    deleted = after(DeleteNodes(("b",)), text)
    assert "temperature" not in deleted
    assert after(DeleteNodes(("ask",)), text).endswith("node_variants: {}\n# after\n")


def test_files_of_variants_that_go() -> None:
    text = after(
        AddVariant("ask", "warm", {"type": "prompt", "source": {"type": "code", "path": "warm.jinja2"}}), VARIED
    )
    files = {"flow.dag.yaml": text, "ask.jinja2": "", "warm.jinja2": ""}
    assert apply(files, DeleteVariant("ask", "warm")).trash == ("warm.jinja2",)
    assert apply(files, DropVariants("ask", "warm")).trash == ("ask.jinja2",)
    assert apply(files, DeleteNodes(("ask",))).trash == ("ask.jinja2", "warm.jinja2")


def test_an_id_that_is_a_number_stays_one() -> None:
    text = (
        VARIED.replace("variant_0", "0").removesuffix("# after\n")
        + "      1:\n        node: {type: prompt, source: {path: x}}\n"
    )
    assert "default_variant_id: 1\n" in after(SetDefaultVariant("ask", "1"), text)

"""Chinese of heat."""

CHINESE = {
    "There is no such version of this flow.": "该流程没有这个版本。",
}

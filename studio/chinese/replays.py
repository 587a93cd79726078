"""Chinese of replay."""

CHINESE = {
    "Version {number} cannot be read, so its calls cannot be replayed.": (
        "第 {number} 版无法读取，因此不能重放它的通话。"
    ),
    "Would still be asking at “{node}”.": "会停在“{node}”，仍在等待回答。",
    "Would end at “{node}” instead of “{before}”.": "会在“{node}”结束，而不是“{before}”。",
    "Would end as {outcome} instead of {before}.": "结果会是 {outcome}，而不是 {before}。",
    "Would leave other tickets: {tickets} instead of {before}.": "留下的工单会不同：{tickets}，原来是 {before}。",
    "without a category": "未分类",
    "none": "无",
    "pressed {keys}": "按了 {keys}",
    "silence": "没有出声",
    "recorded {seconds} s": "录音 {seconds} 秒",
    "talked to a person": "与人工通话",
    "reached nobody": "无人接听",
    "hung up": "挂断",
    "The call's answers have been erased.": "通话中的回答已被清除。",
    "The call never reached its flow.": "通话没有进入流程。",
    "The end of the call has not been settled yet.": "通话的结局尚未处理完。",
    "A machine answered the call.": "由机器接听。",
    "The call ran a sub-flow in a version that is no longer in force.": "通话使用的子流程版本已不再生效。",
    "The record of the call cannot be read.": "通话记录无法读取。",
    "Say in whole numbers how many days back and how many calls.": "请用整数填写回溯的天数和通话数量。",
}

"""Chinese of rehearsals, saved tests, coverage and proposals."""

CHINESE = {
    # What the house is told.
    "Understood: {value}.": "已识别：{value}。",
    "This was not understood; that is error {count} here.": "没有听懂；这是此处第{count}次出错。",
    "Nothing was heard; that is error {count} here.": "没有听到回答；这是此处第{count}次出错。",
    "The caller wants to be called back on {number} at {at}.": "来电者希望在{at}回电至{number}。",
    "The caller wants to be called back on {number}, as soon as possible.": "来电者希望尽快回电至{number}。",
    "Ticket {number} was opened.": "已创建工单{number}。",
    "Added to ticket {number}.": "已并入工单{number}。",
    "Ticket {number} would be opened again.": "工单{number}将被重新打开。",
    "The flow ended the call; outcome: {outcome}.": "流程结束了通话；结果：{outcome}。",
    "The caller hung up; outcome: {outcome}.": "来电者挂断；结果：{outcome}。",
    "The caller is to speak to a person.": "来电者要转人工。",
    "Kept in the caller's own words: “{text}”.": "已保存来电者的原话：“{text}”。",
    "A recording of {seconds} s was made.": "录音{seconds}秒。",
    "The call goes on in {language}.": "通话语言：{language}。",
    "A text message would be sent: “{body}”": "将发送短信：“{body}”",
    "The number would not be called again ({purpose}).": "将不再拨打该号码（{purpose}）。",
    "The caller gave {score} of 5.": "来电者打了{score}分（满分5分）。",
    "The transfer ended: {outcome}.": "转接结束：{outcome}。",
    "The flow could not go on at {node}: {error}": "流程在{node}无法继续：{error}",
    "There is no published flow “{name}”.": "没有已发布的流程“{name}”。",
    "The lookup at {node} was answered: {outcome}.": "{node}的查询已得到回复：{outcome}。",
    "No answer is given for the lookup at {node}; it counts as failed.": "没有为{node}的查询提供回复，按失败处理。",
    "It records; # ends it, and so does silence.": "正在录音；按#号键或停止说话即可结束。",
    # What did not go as wanted.
    "Step {step} ({kind}): {what}": "第{step}步（{kind}）：{what}",
    "At the end: {what}": "结束时：{what}",
    "“{piece}” was not said; heard: {heard}": "没有说“{piece}”；听到的是：{heard}",
    "“{piece}” was not said; nothing was.": "没有说“{piece}”；什么也没有说。",
    "“{piece}” was said, and should not have been: {line}": "不应说“{piece}”，但说了：{line}",
    "The call did not pass {node}; its way was: {way}": "通话没有经过{node}；实际经过：{way}",
    "The call did not pass {wanted} in this order; its way was: {way}": "通话没有依次经过{wanted}；实际经过：{way}",
    "The outcome is “{found}”, not “{wanted}”.": "结果是“{found}”，不是“{wanted}”。",
    "The call was ended by {found}, not by {wanted}.": "结束通话的是{found}，不是{wanted}。",
    "There is no ticket with {wanted}; there is: {found}": "没有符合{wanted}的工单；现有：{found}",
    "yes": "是",
    "no": "否",
    "There is one ticket, not {wanted}.": "只有1张工单，不是{wanted}张。",
    "There are {found} tickets, not {wanted}.": "有{found}张工单，不是{wanted}张。",
    "There is no text message with {wanted}; there is: {found}": "没有符合{wanted}的短信；现有：{found}",
    "The call ended before anybody listened for keys.": "还没有等到按键，通话就结束了。",
    "The call ended before anybody listened for speech.": "还没有等到说话，通话就结束了。",
    "The call had ended.": "通话已经结束。",
    "Nobody listened.": "没有在等待回答。",
    "The call goes on without end: {count} exchanges.": "通话没有尽头：已有{count}个来回。",
    "The flow says more than {count} characters.": "流程播报的内容超过{count}个字符。",
    "The tests before it took longer than {seconds:.0f} s.": "前面的测试用时超过{seconds:.0f}秒。",
    "The pattern has more than {limit} characters.": "正则表达式超过{limit}个字符。",
    "The pattern cannot be read: {error}.": "正则表达式无法读取：{error}。",
    "The pattern {piece} takes too long.": "正则表达式{piece}匹配用时过长。",
    # Scenarios that cannot be understood.
    "“{text}” is no time. Write “Sunday 03:00”, “31 December 10:00”, “tomorrow 09:30”, a date and time such as "
    "2026-12-31T10:00, or now.": "“{text}”不是时间。请写“周日 03:00”、“12月31日 10:00”、“明天 09:30”、"
    "2026-12-31T10:00 这样的日期时间，或“现在”。",
    "A scenario is a mapping with “call” and “steps”.": "场景应是含有“call”和“steps”的映射。",
    "The scenario has unknown parts: {parts}.": "场景中有未知的部分：{parts}。",
    "“steps” must be a list.": "“steps”必须是列表。",
    "A scenario has at most {limit} steps; this one has {count}.": "一个场景最多{limit}步；这个有{count}步。",
    "The scenario is longer than {limit} characters.": "场景超过{limit}个字符。",
    "“lookups” gives a list of answers for each node's name.": "“lookups”应为每个节点名给出回复列表。",
    "Anchors and aliases (& and *) are not used in scenarios.": "场景中不使用锚点和别名（& 和 *）。",
    "The scenario is not YAML: line {line}, column {column}.": "场景不是有效的 YAML：第{line}行，第{column}列。",
    "The scenario is not YAML.": "场景不是有效的 YAML。",
    "The scenario has a value that is not JSON.": "场景中有不是 JSON 的值。",
    "Step {number} must be one word with its value, such as “press: 1”.": (
        "第{number}步应是一个词及其值，例如“press: 1”。"
    ),
    "Step {number}: there is no “{word}”; there are {words}.": "第{number}步：没有“{word}”；可用：{words}。",
    "Step {place}: it wants after (seconds) and one of say, speak, press.": (
        "第{place}步：需要 after（秒），以及 say、speak、press 之一。"
    ),
    "Step {place}: it takes no value.": "第{place}步：不带值。",
    "Step {place}: {what}": "第{place}步：{what}",
    "{place}: {what}": "{place}：{what}",
    "{what}": "{what}",
    # Saved tests and samples.
    "A test needs a name of at most {limit} characters.": "测试需要名称，最多{limit}个字符。",
    "A flow has at most {limit} tests. Delete some first.": "一个流程最多{limit}个测试。请先删除一些。",
    "The flow has no such test; perhaps somebody deleted it.": "该流程没有这个测试，可能已被删除。",
    "There is no flow “{name}”.": "没有流程“{name}”。",
    "The flow has a test named “{name}” already. Choose another name.": "该流程已有名为“{name}”的测试，请换一个名称。",
    "This test cannot be read any more; open and save it.": "这个测试已无法读取，请打开并重新保存。",
    "Samples are a list of at most {limit}.": "样例是列表，最多{limit}条。",
    "Two samples of one node have the same name. Give each its own.": "同一节点有两个同名样例，请分别命名。",
    "A sample needs the name of its node.": "样例需要所属节点的名称。",
    "A sample's answer is longer than {limit} characters.": "样例的回复超过{limit}个字符。",
    "The request has no scenario.": "请求中没有场景。",
    "“ids” must be a list of the tests' numbers.": "“ids”必须是测试编号的列表。",
    # Proposals.
    "{node}: {exit}": "{node}：{exit}",
    "{node}": "{node}",
    "It is beyond the first {limit} proposals; keep these and propose again.": (
        "超出前{limit}条建议；请先保存这些建议，再重新生成。"
    ),
    "{name} ({count})": "{name}（{count}）",
    "No answers were found with which a call leaves {node} by it.": "没有找到能让通话从{node}走这个出口的回答。",
    "No answers and values were found with which a call leaves {node} by it.": (
        "没有找到能让通话从{node}走这个出口的回答和变量值。"
    ),
    "No answers were found for which “{condition}” holds.": "没有找到使“{condition}”成立的回答。",
    "No exit leads to {node} from the start.": "从起点没有出口通向{node}。",
    "The exit {exit} is not wired, so that the call breaks there.": "出口{exit}没有连线，通话会在那里中断。",
    "The search ended at its limit of {seconds:.0f} s before it came there.": (
        "搜索达到{seconds:.0f}秒上限，没有到达那里。"
    ),
}

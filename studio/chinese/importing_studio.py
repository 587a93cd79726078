"""Imports from Twilio Studio: what became of each widget."""

CHINESE = {
    "This is not a Twilio Studio flow: it has no list of states.": "这不是 Twilio Studio 流程：没有 states 列表。",
    "The Studio flow cannot be imported: {first}": "无法导入该 Studio 流程：{first}",
    "The flow has {count} widgets; the limit is {limit}.": "流程有 {count} 个组件，上限为 {limit}。",
    "The trigger “{name}” leads nowhere when a call comes in (incomingCall); the file has no voice flow.": (
        "触发器“{name}”在来电时（incomingCall）没有去向，文件中没有语音流程。"
    ),
    "Calls begin at {start}.": "来电从 {start} 开始。",
    "Studio began this flow by its REST API; here it begins with a call that comes in.": (
        "Studio 通过 REST API 启动该流程，这里由来电启动。"
    ),
    "What the flow does on {event} is left out.": "流程对 {event} 的处理略去。",
    "Is left out: only {event} leads to it, not a call.": "略去：只有 {event} 能到达，来电到不了。",
    "Is left out: no way leads to it.": "略去：没有任何途径到达。",
    "Its exit {events} led nowhere: Studio ended the call there without a word, and so does this flow.": (
        "出口 {events} 没有去向：Studio 会在此直接结束通话，本流程也一样。"
    ),
    # Speaking and recording
    "Is a message.": "成为播报。",
    "Speech markup is left out; the words stay. A comma or full stop makes a pause.": (
        "语音标记已去掉，文字保留。停顿请用逗号或句号。"
    ),
    "It is said once; Studio said it {times} times over.": "只播报一次，Studio 会播报 {times} 次。",
    "The voice {voice} is not kept; a flow has one voice per language.": "不保留声音 {voice}，每种语言只有一个声音。",
    "It speaks {tag}, the flow {language}: write it in {language}, or make a flow of its own of this part.": (
        "它说 {tag}，而流程说 {language}：请改写为 {language}，或把这部分做成单独的流程。"
    ),
    "It plays the sound {url}; what it says must be written here.": "它播放录音 {url}，请在此写出录音的内容。",
    "It has nothing to say that could be read.": "没有可读取的播报内容。",
    "It presses keys ({keys}) on the line; the call goes on without.": (
        "它会在线路上按键（{keys}），通话跳过此步继续。"
    ),
    "Is a recording of up to {length} s.": "成为最长 {length} 秒的录音。",
    "A short sentence was added before the tone; Studio said nothing there.": (
        "提示音前增加了一句话，Studio 在此不说话。"
    ),
    "The tone stays off, though callers wait for one.": "提示音保持关闭，但来电者通常会等待提示音。",
    "It ends after {here} s; Studio would take {there} s.": "{here} 秒后结束，Studio 可录 {there} 秒。",
    "The address that Studio told of the recording is left out: the desk keeps and transcribes it itself.": (
        "Studio 通知录音的地址略去：本系统自行保存并转写录音。"
    ),
    "Whole calls are not recorded by a flow here; use a recording node where it is needed.": (
        "流程不录制整个通话，需要时请使用录音节点。"
    ),
    # Questions
    "Is a question that keeps the answer as {value}.": "成为提问，回答保存为 {value}。",
    "Is a menu together with {splits}, choices: {count}; each can be said as well as keyed.": (
        "与 {splits} 合并为菜单，共 {count} 个选项，可按键也可说。"
    ),
    "Is said again by {name} itself when it was not answered.": "未回答时由 {name} 自己重说这句话。",
    "Studio went to {there} by {other}; here the answer always leads to {here}.": (
        "Studio 由 {other} 转到 {there}，这里的回答一律转到 {here}。"
    ),
    "The flow reads both keys and words of this question; only one of them is kept here.": (
        "流程同时读取该问题的按键和语音，这里只保留其中之一。"
    ),
    "Studio went to {there} when words were said; here words choose a choice.": (
        "Studio 听到语音时转到 {there}，这里语音用来选择选项。"
    ),
    "No key is left for “{words}”.": "没有剩余的按键给“{words}”。",
    "Key {keys} did the same as another and is told nowhere; it is left out.": (
        "按键 {keys} 与另一个按键作用相同，且提示语未提及，已略去。"
    ),
    "Its prompt does not tell every key, so the options are said after it.": (
        "提示语没有说明所有按键，因此会在其后播报选项。"
    ),
    "Key {key} is a choice here; elsewhere it {meaning}.": "按键 {key} 在这里是选项，在别处{meaning}。",
    "Its prompt tells key {keys}, which the flow takes nowhere.": "提示语提到按键 {keys}，流程没有处理它。",
    "It has {count} choices; split it, callers remember {most}.": (
        "有 {count} 个选项，请拆分：来电者最多记住 {most} 个。"
    ),
    "Studio led a wrong answer to {wrong} and silence to {silent}; both lead to {wrong} now.": (
        "Studio 将错误回答转到 {wrong}，沉默转到 {silent}；现在都转到 {wrong}。"
    ),
    "The settings {keys} are left out: the house's recogniser has its own.": (
        "设置 {keys} 略去：本系统的识别器有自己的设置。"
    ),
    "The hash key ends an input here, not {key}.": "这里以井号键结束输入，而不是 {key}。",
    # Deciding
    "Is a branch.": "成为条件分支。",
    "Is a branch with {count} conditions.": "成为有 {count} 个条件的分支。",
    "It has no conditions, so every call goes its one way.": "没有条件，所有通话走同一条路。",
    "Is a node for business hours: {hours}.": "成为营业时间节点：{hours}。",
    "Times and dates are those of UTC; set the zone of your office.": "时间和日期按 UTC 计算，请设置您的时区。",
    "The condition “{kind} {value}” has no counterpart; it never holds here.": (
        "条件“{kind} {value}”没有对应的写法，在这里永不成立。"
    ),
    "Its conditions for {to} must all hold.": "通向 {to} 的条件必须全部成立。",
    # People
    "Is a transfer to {count} number(s).": "成为转接，共 {count} 个号码。",
    "Whoever answers presses 1 to take the call, so that a mailbox never does; Studio connected at once.": (
        "接听者按 1 接通，以免被语音信箱接走；Studio 会立即接通。"
    ),
    "It connects to a {noun} ({to}); only telephone numbers and queues are reached here.": (
        "它连接到 {noun}（{to}），这里只能转接电话号码和队列。"
    ),
    "It names no number that could be read; the call goes on without it.": "没有可读取的号码，通话跳过此步继续。",
    "The talk was recorded in Studio; it is not recorded here.": "Studio 会录下转接后的通话，这里不录。",
    "Is a transfer to the queue {queue}.": "成为转接到队列 {queue}。",
    "The workflow {workflow} is not here: callers wait in the queue {queue}.": (
        "这里没有工作流 {workflow}：来电者在队列 {queue} 中等待。"
    ),
    "Left out: {keys}. The agent sees the caller, the ticket and what was said instead.": (
        "略去：{keys}。坐席会看到来电者、工单和通话内容。"
    ),
    "A flow does not call out here: make a campaign with this flow, where hours, consent and retries are kept. The "
    "flow goes on as if it was answered.": (
        "流程不能自行外呼：请用该流程建立外呼任务，由它遵守时段、同意和重试规则。流程按已接听继续。"
    ),
    "What Studio did when nobody answered is the campaign's matter here.": "无人接听时的处理在这里由外呼任务负责。",
    # Systems
    "Is a lookup by {method}.": "成为 {method} 查询。",
    "Is a text message.": "成为短信。",
    "Sets {names}.": "设置 {names}。",
    "Sets {name}.": "设置 {name}。",
    "It runs the Studio flow {sid}: import that one too, and name it {flow}, or choose another flow here.": (
        "它调用 Studio 流程 {sid}：请把它也导入并命名为 {flow}，或在此选择其他流程。"
    ),
    "It has no address that could be read; the call goes on as if nobody answered.": (
        "没有可读取的地址，通话按查询失败继续。"
    ),
    "The method {method} is none of ours; GET is used.": "不支持方法 {method}，改用 GET。",
    "The function is asked by HTTP: it must be public, or check a header that you add with secret:NAME.": (
        "通过 HTTP 调用该函数：它必须公开，或校验您用 secret:名称 添加的请求头。"
    ),
    "What is sent is JSON; Studio sent a form. The other side must read JSON.": (
        "发送的是 JSON，Studio 发送的是表单，对方必须能读 JSON。"
    ),
    "Twilio's own sign-in is not added to the request.": "请求中不附带 Twilio 的身份验证。",
    "It sets no variable that could be read.": "没有可读取的变量设置。",
    "The message has no text that could be read; none is sent.": "短信没有可读取的文字，不会发送。",
    "The picture or file is not sent; only the text is.": "不发送图片或文件，只发送文字。",
    "The call does not wait for the message: {there} is only gone to when the caller's number is withheld.": (
        "通话不等待短信结果：只有来电号码被隐藏时才转到 {there}。"
    ),
    "Its body is not JSON and is sent as one text.": "请求内容不是 JSON，作为一段文字发送。",
    # Strangers
    "The Autopilot assistant {sid} is not here. A menu of the tasks that {splits} tells apart stands in its place.": (
        "这里没有 Autopilot 助手 {sid}，由 {splits} 所区分的任务组成的菜单代替。"
    ),
    "Twilio's Autopilot is not here; the call goes on as if it had ended.": (
        "这里没有 Twilio Autopilot，通话按它已结束继续。"
    ),
    "The virtual agent is not here; the call goes on as if it had ended.": "这里没有该虚拟坐席，通话按它已结束继续。",
    "TwiML from elsewhere is not run here; the call goes on as if it had returned.": (
        "这里不执行外部的 TwiML，通话按它已返回继续。"
    ),
    "Cards are not charged on the telephone here; the call goes on as if that had failed.": (
        "这里不能在电话中扣款，通话按扣款失败继续。"
    ),
    "The sound of the call is not sent elsewhere; the call goes on without.": (
        "通话的声音不会发送到别处，通话跳过此步继续。"
    ),
    "A text conversation cannot be part of a call; the call goes on as if nobody replied.": (
        "文字对话不能成为通话的一部分，通话按无人回复继续。"
    ),
    "Twilio's knowledge base is not here; the call goes on without. An answer node could do this.": (
        "这里没有 Twilio 知识库，通话跳过此步继续。可改用问答节点。"
    ),
    "Twilio's intents are not here; the call goes on by its last way.": (
        "这里没有 Twilio 意图识别，通话走它的其他出口继续。"
    ),
    "There is no counterpart for this widget; the call goes on past it.": "该组件没有对应的节点，通话跳过它继续。",
    # Liquid
    "The variable {name} has no counterpart; it is left empty.": "变量 {name} 没有对应，留空。",
    "What {variable} of widget {name} gives has no counterpart; it is left empty.": (
        "组件 {name} 的 {variable} 没有对应，留空。"
    ),
    "There is no widget {name}; what it should give is left empty.": "没有组件 {name}，它的值留空。",
    "The part {part} of a variable cannot be looked up.": "无法读取变量中的 {part}。",
    "The text is longer than {limit} characters.": "文字超过 {limit} 个字符。",
    "The text has more than {limit} Liquid parts.": "文字中的 Liquid 片段超过 {limit} 个。",
    "The Liquid tag {tag} stands alone.": "Liquid 标签 {tag} 没有配对。",
    "The Liquid tag {tag} has no counterpart.": "Liquid 标签 {tag} 没有对应的写法。",
    "The Liquid tag {tag} cannot be read.": "Liquid 标签 {tag} 无法解析。",
    "The Liquid conditions are nested too deeply.": "Liquid 条件嵌套过深。",
    "A Liquid condition is never closed.": "有 Liquid 条件没有结束标签。",
    "“{start}” is never closed.": "“{start}”没有结束。",
    "The expression “{source}” is too long.": "表达式“{source}”过长。",
    "The expression “{source}” cannot be read.": "表达式“{source}”无法解析。",
    "A Liquid output is empty.": "有空的 Liquid 输出。",
    "The date format {format} has no counterpart.": "日期格式 {format} 没有对应的写法。",
    "The Liquid filter {name} has no counterpart.": "Liquid 过滤器 {name} 没有对应的写法。",
    "What came of it cannot be read: {error}": "转换结果无法解析：{error}",
}

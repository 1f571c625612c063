### 中文目录：值班台、接口错误和呼救按钮里说出来的每一句话。编号与 en.ftl 一一对应。

## 呼救设备说出来的话：给老人听，要短、要慢、要暖

reply-received = 收到您的呼叫了，正在通知值班人员。请您别着急，尽量不要走动。
reply-answered = { $by }已经接到您的呼叫，正在帮您安排。请您安心等一等。
reply-coming = 已经有人赶过去了，请您安心等着。
reply-closed = 这次呼叫已经处理好了。要是还需要帮忙，请再按一次按钮。
reply-test = 测试收到了，按钮和线路都好用，请您放心。

## 出错时说的话（hub/domain/errors 的 code）

call-unknown = 没有这个呼叫，或者它不属于您的辖区。
call-held = 这个呼叫已由{ $holder }接听。
call-closed = 这个呼叫已经结束，不能再操作。
call-wrong-state = 呼叫当前为“{ $state ->
    [raised] 已呼叫
    [ringing] 等待接听
    [answered] 已接听
    [dispatched] 已派人
    [on_scene] 已到现场
    [resolved] 已处置
    [feedback] 待回访
    [closed] 已结案
   *[other] { $state }
}”，此时不能这样操作。请刷新后再看。
calls-not-yours = 您的账号不能处理呼叫，请由值班员或卫生院人员操作。
rating-range = 评分请填 1 到 5。
dial-number = 这里只登记 120、119 和 110。
callback-outcome = 请选择回拨的结果：已通话、无人接、占线或号码不对。
note-empty = 请先写内容再保存。
note-long = 内容太长，请控制在 { NUMBER($limit, useGrouping: 0) } 字以内。

### English catalogue: same ids as zh.ftl, which is the first.

## What the call button says aloud: for an elder, short and warm

reply-received = We have your call and are alerting the staff on duty. Please stay calm and try not to move.
reply-answered = { $by } has your call and is arranging help. Please wait, you are not alone.
reply-coming = Someone is on the way to you. Please wait calmly.
reply-closed = This call has been taken care of. If you still need help, press the button again.
reply-test = Test received. The button and the line both work.

## What is said when something cannot be done (codes of hub/domain/errors)

call-unknown = There is no such call, or it is outside your area.
call-held = { $holder } has this call already.
call-closed = This call is over and cannot be changed any more.
call-wrong-state = The call is now “{ $state ->
    [raised] raised
    [ringing] waiting
    [answered] answered
    [dispatched] dispatched
    [on_scene] on scene
    [resolved] resolved
    [feedback] follow-up due
    [closed] closed
   *[other] { $state }
}”, so this cannot be done. Look again and retry.
calls-not-yours = Your account cannot work on calls. Ask an operator or the clinic's staff.
rating-range = A rating is 1 to 5.
dial-number = Only 120, 119 and 110 are recorded here.
callback-outcome = Choose how the call-back went: spoke, no answer, busy or wrong number.
note-empty = Write something before saving.
note-long = Too long: at most { NUMBER($limit, useGrouping: 0) } characters.

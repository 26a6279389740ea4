package journey

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"lotrinh/platform/module"
)

// A training officer opens a class under the plan at hand and nominates three
// people; then he nominates one too many times, and nothing is doubled.
func TestOfficerOpensAClassAndNominates(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		v := visit(t, h, desk)
		v.signIn(module.TrainingOfficer)
		v.open("/classroom/plans")
		v.press("main table a=Kế hoạch bồi dưỡng bổ sung")
		v.press("main a=Mở lớp")
		name := "Lớp thử " + t.Name()
		v.write("#f-name", name)
		v.press("main form .primary=Lưu") // a draft, at first
		v.reads(name)
		v.press("main a=Sửa")
		v.write("#f-decision", "77/QĐ-UBND")
		v.click("label[for=f-state-1]")
		v.press("main form .primary=Lưu")
		v.press("main a=Cử học viên")
		for range 3 {
			v.click("main form input[name=person]:not(:checked) + label")
		}
		v.press("main form .primary")
		v.press(".tabs a=Danh sách lớp")
		if n := v.count("main table tbody tr"); n != 3 {
			t.Errorf("%d on the roster, want 3\n%s", n, v.where())
		}
		if n := one[int](t, h, `select count(*) from classroom_seat s join classroom_class k on k.id = s.class_id where k.name = $1`, name); n != 3 {
			t.Errorf("%d seats, want 3", n)
		}
	})
}

// answerAll gives an answer to questions from..to of a test, as taps would.
const answerAll = `(() => { const sets = [...document.querySelectorAll("form[data-attempt] [data-no]")].slice(%s, %s);
	for (const set of sets) {
		for (const s of set.querySelectorAll("select")) { s.selectedIndex = s.options.length - 1; s.dispatchEvent(new Event("change", {bubbles: true})) }
		const tick = set.querySelector("input[type=radio], input[type=checkbox]"); if (tick) tick.click();
		const text = set.querySelector("textarea, input[type=text]"); if (text) { text.value = "25"; text.dispatchEvent(new Event("input", {bubbles: true})); text.dispatchEvent(new Event("change", {bubbles: true})) }
	} return sets.length })()`

// saved is how many answers of open attempts the house has kept.
func saved(t *testing.T, h *house) string {
	t.Helper()
	return one[string](t, h, `select log from learn_quiz_attempt where state = 'open' order by opened_at desc limit 1`)
}

// A learner loses the connection in the middle of a test, goes on answering,
// reloads nothing, and hands in when the network is back: no answer is lost.
func TestLearnerFinishesATestOverALostConnection(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		v := visit(t, h, phone)
		v.signIn(module.Learner)
		course := one[string](t, h, `select id from learn_course order by starts_on limit 1`)
		v.open("/learn/courses/" + course)
		v.press("main a=Bài kiểm tra cuối chuyên đề")
		v.press("main a=Vào bài kiểm tra")
		v.press("main form button")
		if n := ask[int](v, answerAll, 0, 8); n != 8 {
			t.Fatalf("%d questions answered, want 8\n%s", n, v.where())
		}
		v.until("the first answers to be kept", `document.getElementById("saved").textContent === document.getElementById("saved").dataset.done`)
		before := saved(t, h)
		v.cut()
		if n := ask[int](v, answerAll, 8, 100); n != 12 {
			t.Fatalf("%d questions answered off line, want 12", n)
		}
		v.click("form[data-attempt] .primary") // hands in without a network: told to wait
		v.agree()
		v.until("to be told", `document.getElementById("saved").textContent === document.getElementById("saved").dataset.offline`)
		if after := saved(t, h); after != before {
			t.Errorf("something arrived over a cut line")
		}
		v.restore()
		ask[bool](v, `dispatchEvent(new Event("online"))`)
		v.until("the rest to be kept", `document.getElementById("saved").textContent === document.getElementById("saved").dataset.done`)
		if after := saved(t, h); len(after) <= len(before) {
			t.Errorf("nothing more was kept than before the line was cut")
		}
		v.click("form[data-attempt] .primary")
		v.agree()
		v.until("the result", `location.pathname.includes("/result") || !document.querySelector("form[data-attempt]")`)
		if n := one[int](t, h, `select count(*) from learn_quiz_attempt where state <> 'open' and submitted_at is not null and ended_by = 'person' and opened_at > $1`, 1_700_000_000_000_000); n != 1 {
			t.Errorf("%d attempts handed in, want 1", n)
		}
	})
}

// agree answers yes to what a dialog asks.
func (v *visitor) agree() {
	v.t.Helper()
	v.click("dialog[open] button[value=yes]")
}

// A stranger checks a certificate by its serial: a real one, one in lower case
// and with spaces, and one that there is not.
func TestStrangerChecksACertificate(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		serial := one[string](t, h, `select serial from learn_certificate where revoked_at is null order by serial limit 1`)
		name := one[string](t, h, `select p.name from learn_certificate c join org_person p on p.id = c.person_id where c.serial = $1`, serial)
		v := visit(t, h, phone)
		v.open("/access/sign-in")
		v.press("a=Kiểm tra giấy chứng nhận")
		v.write("#f-serial", " "+strings.ToLower(serial)+" ")
		v.press("main form .primary")
		v.reads("Giấy chứng nhận có thật và đang có hiệu lực")
		if strings.Contains(v.text("main"), name) {
			t.Errorf("a stranger reads the whole name %s", name)
		}
		v.allow("404")
		v.open("/c/" + serial[:len(serial)-4] + "ZZZZ")
		v.reads("Không có giấy chứng nhận nào mang số hiệu này")
	})
}

// The administrator carries out the merger of 1/7/2025: the learner of a ward that
// ends finds himself in the new one, with what he has learnt.
func TestMerger(t *testing.T) {
	onEachOwn(t, func(t *testing.T, h *house) {
		v := visit(t, h, phone)
		v.signIn(module.Learner)
		v.open("/learn/courses")
		before := v.text("main")
		a := visit(t, h, desk)
		a.signIn(module.Admin)
		a.open("/org/merger-2025")
		a.click("main form .primary=Thực hiện sáp nhập")
		a.agree()
		a.gone("main form .primary=Thực hiện sáp nhập")
		h.settle(t)
		v.open("/access/me")
		v.reads("Phường Tam Kỳ")
		v.open("/learn/courses")
		if after := v.text("main"); after != before {
			t.Errorf("the learner's courses changed by the merger:\n%s\n%s", before, after)
		}
		o := visit(t, h, desk)
		o.signIn(module.TrainingOfficer)
		o.open("/results")
		o.reads("Đà Nẵng")
	})
}

// A session ends in the middle of a form: what was typed survives signing in
// again.
func TestExpiredSessionKeepsTheForm(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		v := visit(t, h, desk)
		v.signIn(module.TrainingOfficer)
		v.open("/classroom/programmes/new")
		v.write("#f-name", "Chương trình gõ dở "+t.Name())
		v.set("#f-from", "2026-01-01")
		v.forget()
		v.allow("401")
		v.press("main form .primary")
		v.press("button[name=role][value=training_officer]")
		v.open("/classroom/programmes/new")
		v.until("what was typed to be there", `document.querySelector("#f-name").value.includes("Chương trình gõ dở") || !!document.querySelector("[data-kept]:not([hidden])")`)
	})
}

// forget takes the cookies away, as the end of a session does.
func (v *visitor) forget() {
	v.t.Helper()
	v.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
}

// A form sent twice is carried out once.
func TestDoubleSubmit(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		v := visit(t, h, desk)
		v.signIn(module.TrainingOfficer)
		v.open("/classroom/programmes/new")
		name := "Chương trình gửi hai lần " + t.Name()
		v.write("#f-name", name)
		v.set("#f-from", "2026-01-01")
		v.set("#f-to", "2026-12-31")
		status := ask[[]int](v, `(async () => { const f = document.querySelector("main form[method=post]:not(.view)"), body = () => new URLSearchParams(new FormData(f));
			const send = () => fetch(f.action, {method: "POST", body: body()}).then(r => r.status); return Promise.all([send(), send(), send()]) })()`)
		n := one[int](t, h, `select count(*) from classroom_programme where name = $1`, name)
		if n != 1 {
			t.Errorf("%d programmes of one form, answers %v", n, status)
		}
	})
}

// Without script, on a phone: a learner reads a lesson and takes a test to its
// end.
func TestWithoutScript(t *testing.T) {
	onEachOwn(t, func(t *testing.T, h *house) {
		v := visit(t, h, phone)
		v.withoutScript()
		v.signIn(module.Learner)
		course := one[string](t, h, `select id from learn_course order by starts_on limit 1`)
		done := one[int](t, h, `select count(*) from learn_progress`)
		v.open("/learn/courses/" + one[string](t, h, `select e.course_id from learn_enrolment e join access_account a on a.person_id = e.person_id
			where a.name_key = 'demo.learner' and e.state = 'active' and e.marks = '' order by e.course_id limit 1`) + "/lessons/0")
		v.press("main form .primary")
		if n := one[int](t, h, `select count(*) from learn_progress`); n != done+1 {
			t.Errorf("%d lessons more than before read without script, want 1\n%s", n-done, v.where())
		}
		v.open("/learn/courses/" + course)
		v.press("main a=Bài kiểm tra cuối chuyên đề")
		v.press("main a=Vào bài kiểm tra")
		v.press("main form button")
		v.click("form[data-attempt] [data-no] label")
		v.press("form[data-attempt] .primary")
		if n := one[int](t, h, fmt.Sprintf(`select count(*) from learn_quiz_attempt where submitted_at > %d`, 1_700_000_000_000_000)); n != 1 {
			t.Errorf("%d attempts handed in without script, want 1\n%s", n, v.where())
		}
	})
}

// A head of unit, with five minutes and a phone, finds who of his unit has not
// learnt what he needs, and reminds them with one tap; they read it.
func TestHeadFindsWhoHasNotLearnt(t *testing.T) {
	onEachOwn(t, func(t *testing.T, h *house) {
		v := visit(t, h, phone)
		v.signIn(module.Head)
		v.press("main button=Nhắc")
		v.reads("Đã gửi lời nhắc tới")
		v.press("main a=Danh sách từng người")
		learner := one[string](t, h, `select p.name from access_account a join org_person p on p.id = a.person_id where a.name_key = 'demo.learner'`)
		v.reads(learner)
		h.settle(t)
		l := visit(t, h, phone)
		l.signIn(module.Learner)
		l.press("a.bell")
		if n := l.count("main a, main li"); n == 0 || l.count("main h2, main article, main li") == 0 {
			t.Errorf("nobody was reminded\n%s", l.where())
		}
	})
}

// A class manager calls the roll of the session that goes on, from his first
// page, with the line cut in the middle; it arrives when the line is back.
func TestManagerCallsTheRollOffLine(t *testing.T) {
	onEachOwn(t, func(t *testing.T, h *house) {
		v := visit(t, h, phone)
		v.signIn(module.ClassManager)
		v.press("main a=Điểm danh")
		v.until("the page to be kept for times without a network", `navigator.serviceWorker.getRegistration("/classroom/").then(r => !!(r && r.active && r.active.state === "activated")).then(async ok => ok && !!(await caches.match(location.pathname)))`)
		roll := v.path()
		v.open(roll) // the worker takes the page over
		v.cut()
		v.click(".roll-tap")
		v.click(".roll-foot .primary")
		v.until("to be told that it waits", `!document.getElementById("roll-status").hidden`)
		v.restore()
		ask[bool](v, `dispatchEvent(new Event("online"))`)
		for n, end := 0, time.Now().Add(patience); n < 40; time.Sleep(100 * time.Millisecond) {
			if n = one[int](t, h, `select count(*) from classroom_mark m join classroom_session s on s.id = m.session_id where s.rolled_at > $1`, time.Now().Add(-time.Hour).UnixMicro()); time.Now().After(end) {
				t.Fatalf("%d marks arrived, want 40\n%s", n, v.where())
			}
		}
	})
}

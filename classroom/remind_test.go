package classroom_test

import (
	"context"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
)

// sink starts Postfix's SMTP server for tests, which keeps each letter in a file
// of the folder it returns.
func sink(t *testing.T) (addr, dir string) {
	t.Helper()
	const bin = "/usr/sbin/smtp-sink"
	if _, err := os.Stat(bin); err != nil {
		t.Skip("smtp-sink is not installed: apt-get install postfix")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	addr = l.Addr().String()
	l.Close()
	dir = t.TempDir()
	args := []string{"-d", filepath.Join(dir, "letter.")}
	if os.Getuid() == 0 { // it refuses to serve as root
		args = append(args, "-u", "nobody")
		for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
			must(t, os.Chmod(d, 0o777))
		}
	}
	cmd := exec.Command(bin, append(args, addr, "10")...)
	must(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 200 {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return addr, dir
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("smtp-sink does not answer")
	return "", ""
}

// letters are the subjects and texts that a sink has kept, by address.
func letters(t *testing.T, dir string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "letter.*"))
	must(t, err)
	all := map[string][]string{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		must(t, err)
		text := strings.ReplaceAll(string(b), "\r\n", "\n")
		if i := strings.Index(text, "Date:"); i > 0 { // the sink notes the envelope first
			text = text[i:]
		}
		m, err := netmail.ReadMessage(strings.NewReader(text))
		must(t, err)
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		must(t, err)
		body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		must(t, err)
		to := strings.Trim(m.Header.Get("To"), "<>")
		all[to] = append(all[to], subject+"\n"+string(body))
	}
	return all
}

func TestRemindersGoOutOnce(t *testing.T) {
	dbtest.Each(t, schemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		addr, dir := sink(t)
		l := newLand(t, ctx, d)
		post, err := mail.New(d, l.q, "smtp://"+addr+"?tls=none&from=lotrinh@example.vn", "https://lotrinh.example.vn")
		must(t, err)
		l.Classroom = classroom.New(d, l.o, l.bus, post)
		l.Set(classroom.Options{Holders: func(_ context.Context, a module.ActionName) ([]access.Holder, error) {
			return []access.Holder{
				{Account: "a1", Email: "thangbinh@example.vn", Unit: l.district[1]},
				{Account: "a2", Email: "anmy@example.vn", Unit: l.commune[1]},
				{Account: "a3", Email: "tinh@example.vn", Unit: l.province},
			}, nil
		}})
		p := l.plan(t)
		topics, err := l.Topics(l.ctx, p)
		must(t, err)
		var quotas []classroom.Quota
		for _, u := range l.commune {
			quotas = append(quotas, classroom.Quota{Unit: u, Topic: topics[0].ID, Seats: 5})
		}
		must(t, l.SetQuotas(l.ctx, p, append(quotas, classroom.Quota{Unit: l.district[0], Topic: topics[0].ID, Seats: 10})))
		k, err := l.SaveClass(l.ctx, classroom.Class{Plan: p, Topic: topics[0].ID, Unit: l.province, Name: "Lớp 1", Decision: "118/QĐ-UBND", From: day("2022-05-16"),
			To: day("2022-06-30"), Planned: 40, NominateBy: day("2022-05-13"), State: classroom.ClassOpen})
		must(t, err)
		staff, err := l.o.AddPeople(l.ctx, org.NewPerson{Name: "Lê Thị Hồng", Birth: day("1990-02-03"), Email: "hong@example.vn",
			Post: org.Post{Unit: l.commune[0], Category: org.CivilServant, From: day("2021-01-01")}})
		must(t, err)
		_, err = l.Nominate(l.ctx, classroom.Nomination{Class: k, Unit: l.commune[0], People: staff, Quiet: true})
		must(t, err)
		teacher, err := l.o.AddPeople(l.ctx, org.NewPerson{Name: "Phạm Văn Tín", Birth: day("1975-02-03"), Email: "tin@example.vn",
			Post: org.Post{Unit: l.province, Category: org.PublicEmployee, From: day("2021-01-01")}})
		must(t, err)
		meet := draft(k, "2022-05-16", "")
		meet.Lecturers = teacher
		s, err := l.SaveSession(l.ctx, meet)
		must(t, err)

		at := func(when string, hour int) {
			t.Helper()
			must(t, l.Remind(clock.At(l.base, day(when).Time().Add(time.Duration(hour)*time.Hour))))
			must(t, l.q.Drain(l.base))
		}
		at("2022-05-09", 8) // four days before the last day
		at("2022-05-10", 5) // at night
		expect(t, dir, map[string]int{})
		at("2022-05-10", 8)
		at("2022-05-10", 9)
		at("2022-05-11", 9)
		expect(t, dir, map[string]int{"thangbinh@example.vn": 1, "anmy@example.vn": 1})
		said := letters(t, dir)["thangbinh@example.vn"][0]
		for _, want := range []string{"Sắp hết hạn cử học viên: Lớp 1", "13/05/2022", "2 đơn vị", "Xã Bình Minh", "Xã Bình Dương", "https://lotrinh.example.vn/classroom/classes/"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is not in %q", want, said)
			}
		}
		at("2022-05-14", 8)
		at("2022-05-14", 10)
		expect(t, dir, map[string]int{"thangbinh@example.vn": 2, "anmy@example.vn": 2})
		at("2022-05-15", 8)
		at("2022-05-15", 20)
		expect(t, dir, map[string]int{"thangbinh@example.vn": 2, "anmy@example.vn": 2, "hong@example.vn": 1, "tin@example.vn": 1})
		items, err := post.Inbox(l.base, string(staff[0]), 5)
		must(t, err)
		if len(items) != 1 || items[0].Link != "/classroom/sessions/"+string(s) || !strings.Contains(items[0].Body, "08:00–11:00, 16/05/2022") {
			t.Errorf("%+v", items)
		}
		items, err = post.Inbox(l.base, "account:a1", 5)
		must(t, err)
		if len(items) != 2 {
			t.Errorf("an account of nobody has %d letters", len(items))
		}
	})
}

// expect wants so many letters to have come to each address.
func expect(t *testing.T, dir string, want map[string]int) {
	t.Helper()
	got := letters(t, dir)
	for to, list := range got {
		if len(list) != want[to] {
			t.Errorf("%s got %d letters, want %d: %v", to, len(list), want[to], list)
		}
	}
	for to, n := range want {
		if len(got[to]) != n {
			t.Errorf("%s got %d letters, want %d", to, len(got[to]), n)
		}
	}
}

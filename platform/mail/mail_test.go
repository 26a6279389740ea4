package mail

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

	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/job"
)

// sink starts Postfix's SMTP server for tests, smtp-sink of Debian's package
// postfix, which keeps each letter in a file of the folder it returns.
func sink(t *testing.T) (addr, dir string) {
	bin, err := exec.LookPath("smtp-sink")
	if err != nil {
		if _, err := os.Stat("/usr/sbin/smtp-sink"); err != nil {
			t.Skip("smtp-sink is not installed: apt-get install postfix")
		}
		bin = "/usr/sbin/smtp-sink"
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr = l.Addr().String()
	l.Close()
	dir = t.TempDir()
	args := []string{"-d", filepath.Join(dir, "letter.")}
	if os.Getuid() == 0 { // it refuses to serve as root
		args = append(args, "-u", "nobody")
		for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
			os.Chmod(d, 0o777)
		}
	}
	cmd := exec.Command(bin, append(args, addr, "10")...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 100 {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return addr, dir
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("smtp-sink does not answer")
	return "", ""
}

func TestLettersArriveBySMTPAndInTheInbox(t *testing.T) {
	addr, dir := sink(t)
	dbtest.Each(t, []db.Schema{job.Schema, Schema}, func(t *testing.T, ctx context.Context, d *db.DB) {
		q := job.New(d)
		p, err := New(d, q, "smtp://"+addr+"?tls=none&from=lotrinh@example.vn", "https://lotrinh.example.vn")
		if err != nil {
			t.Fatal(err)
		}
		before, _ := filepath.Glob(filepath.Join(dir, "letter.*"))
		letter := Letter{"p1", "canbo@example.vn", "Đến hạn cử học viên", "Xã còn thiếu 2 người.", "/classes/1"}
		if err := p.Send(ctx, letter, Letter{Reader: "p2", Subject: "Chỉ trong hộp thư"}); err != nil {
			t.Fatal(err)
		}
		if err := q.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(filepath.Join(dir, "letter.*"))
		if len(files) != len(before)+1 {
			t.Fatalf("%d letters arrived", len(files)-len(before))
		}
		subject, body := read(t, files[len(files)-1])
		if subject != letter.Subject || !strings.Contains(body, letter.Body) || !strings.Contains(body, "https://lotrinh.example.vn/classes/1") {
			t.Fatalf("%q %q", subject, body)
		}
		items, err := p.Inbox(ctx, "p1", 10)
		if err != nil || len(items) != 1 || items[0].Subject != letter.Subject {
			t.Fatalf("%+v %v", items, err)
		}
		if n, _ := p.Unread(ctx, "p2"); n != 1 {
			t.Fatalf("%d unread", n)
		}
		if err := p.Read(ctx, "p2"); err != nil {
			t.Fatal(err)
		}
		if n, _ := p.Unread(ctx, "p2"); n != 0 {
			t.Fatalf("%d unread after reading", n)
		}
	})
}

func read(t *testing.T, file string) (subject, body string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	if i := strings.Index(text, "Date:"); i > 0 { // the sink notes the envelope first
		text = text[i:]
	}
	m, err := netmail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err, text)
	}
	subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return subject, strings.ReplaceAll(string(plain), "\r\n", "\n")
}

func TestAWrongMailServerIsRefusedAtTheStart(t *testing.T) {
	for _, url := range []string{"smtp://", "mail.example.vn", "smtp://host"} {
		if _, err := dial(url); err == nil {
			t.Errorf("%q is taken", url)
		}
	}
}

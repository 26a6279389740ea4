package file

import (
	"bytes"
	"context"
	"errors"
	"go/build"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lotrinh/platform/errs"
)

// stores are the ones at hand: a folder, and a real S3 server: that of TEST_S3 where
// set, else versitygw, where tools/install has put one, over a folder of its own.
func stores(t *testing.T) map[string]Store {
	all := map[string]string{"folder": t.TempDir()}
	if s3 := os.Getenv("TEST_S3"); s3 != "" {
		all["s3"] = s3
	} else if program, ok := installed("versitygw"); ok {
		all["s3"] = gateway(t, program)
	} else {
		t.Log("no versitygw here: the S3 store is left out (tools/install brings it)")
	}
	open := map[string]Store{}
	for name, where := range all {
		s, err := OpenStore(context.Background(), where)
		if err != nil {
			t.Fatal(err)
		}
		open[name] = s
	}
	return open
}

// installed finds a program that was installed by go install.
func installed(name string) (string, bool) {
	if path, err := exec.LookPath(name); err == nil {
		return path, true
	}
	path := filepath.Join(build.Default.GOPATH, "bin", name)
	_, err := os.Stat(path)
	return path, err == nil
}

// gateway serves a folder by the protocol of S3 until the test ends.
func gateway(t *testing.T, program string) string {
	dir := t.TempDir()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := errors.Join(l.Close(), os.Mkdir(filepath.Join(dir, "kho"), 0o700)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--port", addr, "--quiet", "posix", dir)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=khoa", "ROOT_SECRET_KEY=bimatbimat")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			break
		}
	}
	return "s3://khoa:bimatbimat@" + addr + "/kho?insecure=1"
}

func TestStore(t *testing.T) {
	ctx := context.Background()
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			text := "Quyết định mở lớp"
			a, err := s.Put(ctx, strings.NewReader(text), 100)
			if err != nil {
				t.Fatal(err)
			}
			again, err := s.Put(ctx, strings.NewReader(text), 100)
			if err != nil || again.Ref != a.Ref {
				t.Fatalf("the same bytes have two names: %v %v", a.Ref, again.Ref)
			}
			f, info, err := s.Open(ctx, a.Ref)
			if err != nil || info.Size != int64(len(text)) {
				t.Fatalf("%+v %v", info, err)
			}
			got, err := io.ReadAll(f)
			f.Close()
			if err != nil || string(got) != text {
				t.Fatalf("%q %v", got, err)
			}
			if _, err := s.Put(ctx, bytes.NewReader(make([]byte, 101)), 100); !errors.Is(err, errs.TooLarge) {
				t.Fatalf("more than the limit: %v", err)
			}
			n := 0
			for _, err := range s.List(ctx) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != 1 {
				t.Fatalf("%d files are listed", n)
			}
			if err := errors.Join(s.Remove(ctx, a.Ref), s.Remove(ctx, a.Ref)); err != nil {
				t.Fatal(err)
			}
			for _, ref := range []Ref{a.Ref, "", "../../etc/passwd", Ref(strings.Repeat("../", 21) + "x")} {
				if _, _, err := s.Open(ctx, ref); !errors.Is(err, errs.NotFound) {
					t.Errorf("%q: %v", ref, err)
				}
			}
		})
	}
}

func TestServe(t *testing.T) {
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			info, err := s.Put(context.Background(), strings.NewReader("<script>alert(1)</script>"), 100)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("Range", "bytes=1-6")
			w := httptest.NewRecorder()
			if err := Serve(w, r, s, info.Ref, "bài giảng.html", "text/html"); err != nil {
				t.Fatal(err)
			}
			if w.Code != http.StatusPartialContent || w.Body.String() != "script" {
				t.Errorf("%d %q", w.Code, w.Body)
			}
			if err := s.Remove(context.Background(), info.Ref); err != nil {
				t.Error(err)
			}
			if ct, cd := w.Header().Get("Content-Type"), w.Header().Get("Content-Disposition"); ct != "application/octet-stream" || !strings.HasPrefix(cd, "attachment") {
				t.Errorf("a page that someone uploaded is shown: %s, %s", ct, cd)
			}
		})
	}
}

package file

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"lotrinh/platform/errs"
)

// stores are the ones at hand: a folder, and the S3 store of TEST_S3 where set.
func stores(t *testing.T) map[string]Store {
	all := map[string]string{"folder": t.TempDir()}
	if s3 := os.Getenv("TEST_S3"); s3 != "" {
		all["s3"] = s3
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
			if ct, cd := w.Header().Get("Content-Type"), w.Header().Get("Content-Disposition"); ct != "application/octet-stream" || !strings.HasPrefix(cd, "attachment") {
				t.Errorf("a page that someone uploaded is shown: %s, %s", ct, cd)
			}
		})
	}
}

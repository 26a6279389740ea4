// Package file keeps what people upload and what the house prints: in a folder by
// default, or in any S3-compatible store.
//
// A file is named by the SHA-256 of its bytes, so the same bytes are kept once
// and never change under a reader's hands. Who may read a file is the business of
// the module that refers to it.
package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lotrinh/platform/errs"
)

// Ref names a file: 64 hexadecimal digits.
type Ref string

// Info is what a store knows of a file.
type Info struct {
	Ref  Ref
	Size int64 // bytes
	At   time.Time
}

// Store keeps files. Both kinds of store pass the same tests.
type Store interface {
	// Put keeps what r holds, at most limit bytes, else errs.TooLarge.
	Put(ctx context.Context, r io.Reader, limit int64) (Info, error)
	// Open returns a file, or errs.NotFound. The caller closes it.
	Open(ctx context.Context, ref Ref) (io.ReadSeekCloser, Info, error)
	// List goes through all files, in no order.
	List(ctx context.Context) iter.Seq2[Info, error]
	// Remove forgets a file; one that is not there is no error.
	Remove(ctx context.Context, ref Ref) error
}

// OpenStore opens "s3://KEY:SECRET@host[:port]/bucket[?region=…&insecure=1]", or
// else the folder of that name, which it makes.
func OpenStore(ctx context.Context, where string) (Store, error) {
	if u, err := url.Parse(where); err == nil && u.Scheme == "s3" {
		return openS3(ctx, u)
	}
	dir := strings.TrimPrefix(where, "file://")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	return folder(dir), nil
}

func valid(ref Ref) bool {
	_, err := hex.DecodeString(string(ref))
	return len(ref) == 2*sha256.Size && err == nil
}

var errNone = errs.New(errs.NotFound, "error.not-found")

// spool copies r into a temporary file in dir and names it by its hash.
func spool(dir string, r io.Reader, limit int64) (path string, info Info, err error) {
	f, err := os.CreateTemp(dir, ".upload-*")
	if err != nil {
		return "", Info{}, refusal(err)
	}
	defer func() {
		err = errors.Join(err, refusal(f.Close()))
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(r, limit+1))
	if err != nil {
		return "", Info{}, refusal(err)
	}
	if n > limit {
		return "", Info{}, errs.New(errs.TooLarge, "error.too-large", limit>>20)
	}
	return f.Name(), Info{Ref(hex.EncodeToString(h.Sum(nil))), n, time.Now()}, refusal(f.Sync())
}

func refusal(err error) error {
	if err != nil && strings.Contains(err.Error(), "no space left") {
		return errs.New(errs.Fault, "error.disk-full").Because(err)
	}
	return err
}

// folder keeps a file at ab/abcdef….
type folder string

func (d folder) path(ref Ref) string { return filepath.Join(string(d), string(ref[:2]), string(ref)) }

func (d folder) Put(_ context.Context, r io.Reader, limit int64) (Info, error) {
	tmp, info, err := spool(string(d), r, limit)
	if err != nil {
		return Info{}, err
	}
	to := d.path(info.Ref)
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return Info{}, errors.Join(refusal(err), os.Remove(tmp))
	}
	if err := os.Rename(tmp, to); err != nil {
		return Info{}, errors.Join(refusal(err), os.Remove(tmp))
	}
	return info, syncDir(filepath.Dir(to))
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

func (d folder) Open(_ context.Context, ref Ref) (io.ReadSeekCloser, Info, error) {
	if !valid(ref) {
		return nil, Info{}, errNone
	}
	f, err := os.Open(d.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Info{}, errNone
	}
	if err != nil {
		return nil, Info{}, err
	}
	st, err := f.Stat()
	if err != nil {
		return nil, Info{}, errors.Join(err, f.Close())
	}
	return f, Info{ref, st.Size(), st.ModTime()}, nil
}

func (d folder) List(ctx context.Context) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		stop := errors.New("stop")
		err := filepath.WalkDir(string(d), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !valid(Ref(e.Name())) {
				return err
			}
			st, err := e.Info()
			if err != nil {
				return err
			}
			if !yield(Info{Ref(e.Name()), st.Size(), st.ModTime()}, nil) {
				return stop
			}
			return ctx.Err()
		})
		if err != nil && !errors.Is(err, stop) {
			yield(Info{}, err)
		}
	}
}

func (d folder) Remove(_ context.Context, ref Ref) error {
	if !valid(ref) {
		return nil
	}
	if err := os.Remove(d.path(ref)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Serve answers a request with a file: ranges, conditional requests, and a
// Content-Disposition that keeps the name people gave it. Only media that a
// browser shows without running anything are shown in place; the rest is saved.
func Serve(w http.ResponseWriter, r *http.Request, s Store, ref Ref, name, contentType string) error {
	f, info, err := s.Open(r.Context(), ref)
	if err != nil {
		return err
	}
	defer f.Close()
	disposition := "attachment"
	if harmless[contentType] {
		disposition = "inline"
	} else {
		contentType = "application/octet-stream"
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", fmt.Sprintf("%s; filename*=UTF-8''%s", disposition, url.PathEscape(name)))
	h.Set("ETag", `"`+string(ref)+`"`)
	h.Set("Cache-Control", "private, max-age=86400")
	http.ServeContent(w, r, "", info.At, f)
	return nil
}

var harmless = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/webp": true, "image/gif": true, "video/mp4": true, "video/webm": true,
	"audio/mpeg": true, "audio/mp4": true, "application/pdf": true, "text/vtt": true, "text/plain; charset=utf-8": true,
}

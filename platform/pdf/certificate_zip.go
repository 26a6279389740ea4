package pdf

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"unicode"

	"github.com/klauspost/compress/flate"
	"golang.org/x/text/unicode/norm"
)

// CertificateZip writes a ZIP with one PDF for each certificate, in the order
// given, named by serial and holder in plain letters. Certificates are made on
// all processors; a few of them at a time are held in memory. After each one
// progress, if not nil, is told how many are done; an error from it ends the work
// and is returned.
func CertificateZip(w io.Writer, list []Certificate, progress func(done int) error) error {
	if len(list) == 0 {
		return fmt.Errorf("%w: no certificate", ErrInput)
	}
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, pooled)
	names := fileNames{}
	err := inOrder(len(list), func(i int) ([]byte, error) {
		var b bytes.Buffer
		err := list[i].writePlain(&b)
		return b.Bytes(), err
	}, func(i int, file []byte) error {
		header := &zip.FileHeader{Name: names.of(i, list[i]), Method: zip.Deflate, Modified: list[i].Made}
		if err := addFile(z, header, file); err != nil || progress == nil {
			return err
		}
		return progress(i + 1)
	})
	if err != nil {
		return err
	}
	return z.Close()
}

// writePlain writes a certificate whose page is not compressed by itself: the ZIP
// does that, with a compressor that is used again, where the library would take
// 0.8 MB for one of its own.
func (k Certificate) writePlain(w io.Writer) error {
	c := newCanvas(a4Long, a4Short, k.about(1))
	c.gp.SetNoCompression()
	return certificates(c, w, []Certificate{k})
}

var compressors = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is right
	}
	return w
}}

// pooled compresses a file of a ZIP by a compressor that others used before.
func pooled(w io.Writer) (io.WriteCloser, error) {
	f := compressors.Get().(*flate.Writer)
	f.Reset(w)
	return returned{f}, nil
}

// returned goes back to the pool when it is closed.
type returned struct{ *flate.Writer }

func (r returned) Close() error {
	err := r.Writer.Close()
	compressors.Put(r.Writer)
	return err
}

func addFile(z *zip.Writer, header *zip.FileHeader, file []byte) error {
	out, err := z.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = out.Write(file)
	return err
}

// inOrder makes n things on all processors and hands them on by their order. The
// first error ends it.
func inOrder[T any](n int, produce func(i int) (T, error), use func(i int, v T) error) error {
	stop := make(chan struct{})
	defer close(stop)
	i := 0
	for out := range start(n, stop, produce) {
		r := <-out
		if r.err != nil {
			return r.err
		}
		if err := use(i, r.value); err != nil {
			return err
		}
		i++
	}
	return nil
}

// made is a thing, or why it could not be made.
type made[T any] struct {
	value T
	err   error
}

// start makes things at most a few ahead of whoever reads them, until stopped.
func start[T any](n int, stop chan struct{}, produce func(i int) (T, error)) chan chan made[T] {
	queue := make(chan chan made[T], runtime.GOMAXPROCS(0))
	go func() {
		defer close(queue)
		for i := range n {
			out := make(chan made[T], 1)
			select {
			case <-stop:
				return
			case queue <- out:
			}
			go func() {
				v, err := produce(i)
				out <- made[T]{v, err}
			}()
		}
	}()
	return queue
}

// fileNames keeps the names in a ZIP apart.
type fileNames map[string]int

// of is the name of the i-th certificate's file.
func (n fileNames) of(i int, k Certificate) string {
	name := fileSafe(k.Serial + " " + k.Holder)
	if fileSafe(k.Serial) == "" {
		name = fileSafe(fmt.Sprintf("%05d %s", i+1, k.Holder))
	}
	n[name]++
	if n[name] > 1 {
		name = fmt.Sprintf("%s (%d)", name, n[name])
	}
	return name + ".pdf"
}

// fileSafe is text in plain letters, figures, dashes and blanks, of at most 100
// characters: a name that every file system and ZIP program takes.
func fileSafe(s string) string {
	s = strings.NewReplacer("đ", "d", "Đ", "D").Replace(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			return r
		case r == ' ':
			return ' '
		}
		return '-'
	}, norm.NFD.String(strings.ToValidUTF8(s, "-")))
	s = strings.Join(strings.Fields(s), " ")
	return strings.Trim(s[:min(len(s), 100)], "- ")
}

package errs

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestKindsAreErrors(t *testing.T) {
	err := fmt.Errorf("loading: %w", New(NotFound, "error.not-found").Because(io.EOF))
	if !errors.Is(err, NotFound) || !errors.Is(err, io.EOF) || errors.Is(err, Denied) {
		t.Fatal(err)
	}
	if got := Of(io.EOF); got.Kind != Fault || !errors.Is(got, io.EOF) {
		t.Fatalf("a plain error became %v", got)
	}
}

func TestEveryKindHasAStatus(t *testing.T) {
	for _, k := range []Kind{Invalid, Stranger, Denied, NotFound, Conflict, Busy, TooLarge, Fault} {
		if k.Status() < 400 {
			t.Errorf("%s has status %d", k, k.Status())
		}
	}
}

func TestForm(t *testing.T) {
	var f Form
	f.Need(true, "a", "x")
	if f.Err() != nil {
		t.Fatal("a right field is refused")
	}
	f.Need(false, "b", "first")
	f.Need(false, "b", "second")
	if got := Of(f.Err()).Fields["b"].Key; got != "first" {
		t.Fatalf("the field says %q", got)
	}
}

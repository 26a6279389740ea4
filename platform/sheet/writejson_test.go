package sheet

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"lotrinh/platform/clock"
)

func TestWriteJSON(t *testing.T) {
	at := time.Date(2022, 5, 1, 1, 30, 0, 0, time.UTC)
	s := Sheet{Titles: []string{"DANH SÁCH"}, Fields: []Field{{Title: "Họ và tên"}, {Title: "Sinh"}, {Title: "Lượt"}, {Title: "Lúc"}},
		Rows: Rows([][]any{{"Trần \"Bích\"", clock.MustDate("1990-02-03"), 7, at}, {"=1+1", clock.Date(0), nil, time.Time{}}, {"Lê"}})}
	var b bytes.Buffer
	if err := WriteJSON(&b, s); err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, b.String())
	}
	if len(got) != 3 || got[0]["Họ và tên"] != `Trần "Bích"` || got[0]["Sinh"] != "1990-02-03" || got[0]["Lượt"] != 7.0 ||
		got[0]["Lúc"] != "2022-05-01T08:30:00+07:00" || got[1]["Họ và tên"] != "=1+1" || got[1]["Sinh"] != nil || got[2]["Lượt"] != nil {
		t.Fatalf("%s", b.String())
	}
}

func TestWriteJSONOfNothingAndOfTrouble(t *testing.T) {
	var b bytes.Buffer
	var got []any
	if err := WriteJSON(&b, Sheet{Rows: Rows(nil)}); err != nil || json.Unmarshal(b.Bytes(), &got) != nil || len(got) != 0 {
		t.Fatalf("%v: %q", err, b.String())
	}
	broken := errors.New("the rows end here")
	rows := func(yield func([]any, error) bool) { yield(nil, broken) }
	if err := WriteJSON(&b, Sheet{Fields: []Field{{Title: "a"}}, Rows: rows}); !errors.Is(err, broken) {
		t.Fatalf("%v", err)
	}
	if err := WriteJSON(&b, Sheet{Fields: []Field{{Title: "a"}}, Rows: Rows([][]any{{struct{}{}}})}); err == nil {
		t.Fatal("a cell of no known type was written")
	}
}

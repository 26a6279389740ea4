package access

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"time"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
)

// Sheet is one table of what a module holds about a person.
type Sheet struct {
	Name    string     `json:"name"` // of the file: a-z, 0-9, - and _
	Title   string     `json:"title"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// Exporter tells all that a module holds about a person, in the language of ctx.
type Exporter func(ctx context.Context, p org.PersonID) ([]Sheet, error)

// PersonalData takes note of who can tell what the house holds about a person; the
// app names each module's exporter once, before the first request.
type PersonalData interface {
	Exports(module string, fn Exporter)
}

type export struct {
	module string
	tell   Exporter
}

// Exports implements PersonalData.
func (a *Access) Exports(module string, fn Exporter) {
	a.exports = append(a.exports, export{module, fn})
}

// TakeAlong writes all that the house holds about a person as a ZIP file: for each
// module a JSON file, and a CSV file for each table. Only the person may; it is
// noted in the log.
func (a *Access) TakeAlong(ctx context.Context, p org.PersonID, w io.Writer) error {
	if err := CheckSelf(ctx, p); err != nil {
		return err
	}
	z := zip.NewWriter(w)
	if err := writeFile(z, clock.Now(ctx), "README.txt", []byte(i18n.S(ctx, "access.data.readme", i18n.DateTime(ctx, clock.Now(ctx))))); err != nil {
		return err
	}
	told := 0
	for _, e := range append([]export{{"access", a.tell}}, a.exports...) {
		sheets, err := e.tell(ctx, p)
		if err != nil {
			return err
		}
		if err := writeSheets(z, clock.Now(ctx), e.module, sheets); err != nil {
			return err
		}
		told += len(sheets)
	}
	if err := Audit(ctx, a.db, Entry{Action: TakeData, Person: p, Read: true, Detail: map[string]any{"tables": told}}); err != nil {
		return err
	}
	return z.Close()
}

func writeFile(z *zip.Writer, at time.Time, name string, body []byte) error {
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	return err
}

func writeSheets(z *zip.Writer, at time.Time, module string, sheets []Sheet) error {
	if len(sheets) == 0 {
		return nil
	}
	body, err := json.MarshalIndent(sheets, "", " ")
	if err != nil {
		return err
	}
	if err := writeFile(z, at, module+".json", body); err != nil {
		return err
	}
	for _, s := range sheets {
		var b strings.Builder
		b.WriteString("\ufeff") // so that spreadsheets read it as UTF-8
		c := csv.NewWriter(&b)
		c.Write(harmless(s.Columns))
		for _, row := range s.Rows {
			c.Write(harmless(row))
		}
		c.Flush()
		if err := writeFile(z, at, module+"/"+s.Name+".csv", []byte(b.String())); err != nil {
			return err
		}
	}
	return nil
}

// harmless keeps a spreadsheet from taking text for a formula.
func harmless(row []string) []string {
	out := make([]string, len(row))
	for i, s := range row {
		if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
			s = "'" + s
		}
		out[i] = s
	}
	return out
}

// tell is what access itself and org hold about a person.
func (a *Access) tell(ctx context.Context, p org.PersonID) (sheets []Sheet, err error) {
	for _, part := range []Exporter{a.tellPerson, a.tellAccounts, a.tellReaders} {
		some, err := part(ctx, p)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, some...)
	}
	return sheets, nil
}

func (a *Access) tellPerson(ctx context.Context, p org.PersonID) ([]Sheet, error) {
	who, posts, err := a.orgs.Person(ctx, p)
	if err != nil {
		return nil, err
	}
	person := Sheet{Name: "person", Title: i18n.S(ctx, "access.data.person"),
		Columns: names(ctx, "access.title", "access.data.birth", "access.data.sex", "access.data.email", "access.data.phone", "access.data.number"),
		Rows:    [][]string{{who.Name, who.Birth.Viet(), who.Sex, who.Email, who.Phone, who.Mask}}}
	held := Sheet{Name: "posts", Title: i18n.S(ctx, "access.data.posts"),
		Columns: names(ctx, "access.unit", "access.data.post", "access.data.category", "access.from", "access.to")}
	for _, post := range posts {
		held.Rows = append(held.Rows, []string{a.unitName(ctx, post.Unit), post.Title, string(post.Category), post.From.Viet(), post.To.Viet()})
	}
	return []Sheet{person, held}, nil
}

func names(ctx context.Context, keys ...string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = i18n.S(ctx, k)
	}
	return out
}

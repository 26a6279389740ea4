package access

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// An export of the log is text of one JSON object a line: first a head, then the
// entries in the order of the chain, last a foot. Whoever holds the file can check
// it without this program, as the head says how, and keep the hash at the foot:
// no later export of the same links can differ from it unseen.

const exportFormat = "lotrinh-audit-1"

const exportHow = `entry.hash = SHA-256, in hex, over the fields id, at (microseconds since 1970, decimal), action, kind (the word read or change), ` +
	`unit, person, subject, detail (the text as it stands), account, actor, address, in this order, each as UTF-8 preceded by its length in bytes as 8 bytes big-endian. ` +
	`link = SHA-256, in hex, over the text: seq in decimal, newline, link of the line before (of the first line: previous of the head), newline, entry.hash, newline. ` +
	`seq rises by one from line to line. For seq 1, previous = SHA-256 over the text: lotrinh audit 1, newline, house, newline.`

type exportHead struct {
	Format   string `json:"format"`
	House    string `json:"house"`
	Made     string `json:"made"`
	First    int64  `json:"first"`
	Previous string `json:"previous"`
	How      string `json:"how"`
}

type exportLine struct {
	Seq   int64       `json:"seq"`
	Entry exportEntry `json:"entry"`
	Link  string      `json:"link"`
}

type exportEntry struct {
	Record
	Micros int64  `json:"at"`
	Kind   string `json:"kind"`
}

type exportFoot struct {
	Last  int64  `json:"last"`
	Count int64  `json:"count"`
	Link  string `json:"link"`
}

// Export writes the sealed entries of days [from, to), a zero day being open, as a
// proof that stands alone. Only who may see the whole log may; the export itself
// is noted in it.
func (a *Access) Export(ctx context.Context, w io.Writer, from, to clock.Date) error {
	if err := a.checkWholeLog(ctx); err != nil {
		return err
	}
	first, last, err := a.linksOf(ctx, from, to)
	if err != nil {
		return err
	}
	head, err := a.exportHead(ctx, first)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(head); err != nil {
		return err
	}
	foot, err := a.exportLines(ctx, e, first, last, head.Previous)
	if err != nil {
		return err
	}
	if err := e.Encode(foot); err != nil {
		return err
	}
	if err := Audit(ctx, a.db, Entry{Action: ViewAudit, Read: true, Detail: map[string]any{"exported": foot.Count, "last": last, "link": foot.Link}}); err != nil {
		return err
	}
	return out.Flush()
}

// checkWholeLog refuses who may not see the log of every unit.
func (a *Access) checkWholeLog(ctx context.Context) error {
	return a.checkWhole(ctx, ViewAudit)
}

// linksOf finds the numbers of the first and last link of days [from, to).
func (a *Access) linksOf(ctx context.Context, from, to clock.Date) (first, last int64, err error) {
	w := db.NewWhere()
	if from != 0 {
		w.And("a.at >= ?", from.Time())
	}
	if to != 0 {
		w.And("a.at < ?", to.Time())
	}
	type ends struct {
		First int64 `db:"first"`
		Last  int64 `db:"last"`
	}
	e, err := db.One[ends](ctx, a.db, `select min(s.seq) as first, max(s.seq) as last from access_seal s
		join access_audit a on a.id = s.audit_id where `+w.SQL(), w.Args()...)
	if err == nil && e.First == 0 {
		err = errs.New(errs.NotFound, "access.audit.nothing")
	}
	return e.First, e.Last, err
}

func (a *Access) exportHead(ctx context.Context, first int64) (exportHead, error) {
	house, err := a.house(ctx)
	if err != nil {
		return exportHead{}, err
	}
	h := exportHead{Format: exportFormat, House: house, Made: clock.Now(ctx).Format(time.RFC3339), First: first, Previous: genesis(house), How: exportHow}
	if first > 1 {
		h.Previous, err = db.One[string](ctx, a.db, `select hash from access_seal where seq = $1`, first-1)
	}
	return h, err
}

func (a *Access) exportLines(ctx context.Context, e *json.Encoder, first, last int64, previous string) (foot exportFoot, err error) {
	foot = exportFoot{Last: first - 1, Link: previous}
	for foot.Last < last {
		rows, err := db.All[linked](ctx, a.db, linkedQuery+` where s.seq > $1 and s.seq <= $2 order by s.seq limit 2000`, foot.Last, last)
		if err != nil {
			return foot, err
		}
		for _, l := range rows {
			if err := e.Encode(exportLine{l.Seq, exportEntry{Record: l.Record, Micros: l.At.UnixMicro(), Kind: l.kind()}, l.Link}); err != nil {
				return foot, err
			}
			foot = exportFoot{l.Seq, foot.Count + 1, l.Link}
		}
		if len(rows) == 0 {
			break
		}
	}
	return foot, nil
}

// VerifyExport checks an export and asks nothing but the file. What is wrong in it
// is in the Proof; an error says that it is no export, or cut short.
func VerifyExport(r io.Reader) (Proof, error) {
	d := json.NewDecoder(bufio.NewReader(r))
	var head exportHead
	if err := d.Decode(&head); err != nil || head.Format != exportFormat {
		return Proof{}, fmt.Errorf("this is no export of an audit log: its first line must say %q", exportFormat)
	}
	w := walk{proof: Proof{House: head.House, First: head.First, Last: head.First - 1}, hash: head.Previous}
	if head.First == 1 && head.Previous != genesis(head.House) {
		w.proof.fault(1, "", Moved)
	}
	count := int64(0)
	for {
		var line struct {
			exportLine
			exportFootPart
		}
		if err := d.Decode(&line); err != nil {
			return w.proof, fmt.Errorf("the export is cut short after link %d: %w", w.proof.Last, err)
		}
		if line.Seq == 0 {
			return w.end(exportFoot{line.Last, line.Count, line.exportLine.Link}, count), nil
		}
		count++
		w.step(line.linked())
	}
}

type exportFootPart struct {
	Last  int64 `json:"last"`
	Count int64 `json:"count"`
}

func (l exportLine) linked() linked {
	r := l.Entry.Record
	r.At, r.Read = time.UnixMicro(l.Entry.Micros), l.Entry.Kind == "read"
	return linked{Seq: l.Seq, Audit: r.ID, Link: l.Link, Record: r}
}

// end compares the foot with what was walked.
func (w *walk) end(foot exportFoot, count int64) Proof {
	if foot.Last != w.proof.Last || foot.Count != count || foot.Link != w.hash {
		w.proof.fault(foot.Last, "", Missing)
	}
	w.proof.Hash = w.hash
	return w.proof
}

// Anchor is a link that was noted down outside the house.
type Anchor struct {
	Seq  int64
	Link string
}

// Holds says whether the chain still has a link that was noted down: what was cut
// off at the end of the log is found by nothing else. Open to all.
func (a *Access) Holds(ctx context.Context, n Anchor) (bool, error) {
	got, err := db.All[string](ctx, a.db, `select hash from access_seal where seq = $1`, n.Seq)
	return len(got) == 1 && got[0] == n.Link && len(n.Link) == hex.EncodedLen(32), err
}

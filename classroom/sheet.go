package classroom

import (
	"context"
	"net/http"
	"strings"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/pdf"
)

const sheetBlanks = 5 // empty lines, for those who were not expected

// grouped writes the code of a sheet in groups of four, as it is printed.
func grouped(code string) string {
	if len(code) != 8 {
		return code
	}
	return code[:4] + "-" + code[4:]
}

// Sheet is the paper roll sheet of a session: trainees sign it, and it is typed in
// afterwards by the code that each of its pages bears. For who may call the roll;
// asks through Roll, which notes in the log that the roster was read.
func (c *Classroom) Sheet(ctx context.Context, id SessionID) (pdf.RollSheet, Class, error) {
	roll, err := c.Roll(ctx, id)
	if err != nil {
		return pdf.RollSheet{}, Class{}, err
	}
	ctx = i18n.With(ctx, i18n.Vi)
	lines, err := c.sessionLines(ctx, db.NewWhere().And("s.id = ?", id))
	if err != nil || len(lines) == 0 {
		return pdf.RollSheet{}, roll.Class, err
	}
	names, err := c.topicNames(ctx, roll.Class.Plan)
	if err != nil {
		return pdf.RollSheet{}, roll.Class, err
	}
	k, s := roll.Class, lines[0]
	topic := orText(names[s.Topic], names[k.Topic])
	sheet := pdf.RollSheet{Body: c.nameOf(ctx, c.orgs.On(ctx, k.From), k.Unit), Code: grouped(s.PaperCode), Class: k.Name,
		Session: orText(strings.Trim(s.Title+": "+topic, ": "), i18n.S(ctx, "classroom.sheet.session")), Date: s.Starts.In(clock.Zone),
		Time: timeOfDay(s.Starts, "") + " – " + timeOfDay(s.Ends, ""), Room: place(ctx, s), Lecturer: strings.Join(s.Teachers, ", "),
		Detail: i18n.S(ctx, "classroom.unit"), Blank: sheetBlanks, Made: clock.Now(ctx)}
	if c.opt.Base != "" {
		sheet.URL = c.opt.Base + sessionPath(id) + "/roll?paper=1"
	}
	for _, l := range roll.Lines {
		sheet.Trainees = append(sheet.Trainees, pdf.RollTrainee{Name: l.Seat.Name, Detail: l.Seat.UnitName})
	}
	if k.Manager != "" {
		known, err := c.orgs.People(ctx, []org.PersonID{k.Manager})
		if err != nil {
			return sheet, k, err
		}
		sheet.Manager = known[k.Manager].Name
	}
	return sheet, k, nil
}

func (c *Classroom) downloadSheet(w http.ResponseWriter, r *http.Request) error {
	sheet, k, err := c.Sheet(r.Context(), SessionID(r.PathValue("session")))
	if err != nil {
		return err
	}
	attach(w, "phieu-diem-danh-"+fileName(k)+"-"+strings.ToLower(sheet.Code)+".pdf", "application/pdf")
	return sheet.Write(w)
}

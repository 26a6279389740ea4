package survey

import (
	"context"
	"fmt"
	"net/http"

	"lotrinh/access"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
)

// file is the results of a run as a workbook.
func (s *Surveys) file(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	out, err := s.ResultsOf(ctx, RunID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if !out.Shown {
		return errs.New(errs.Conflict, "learn_survey.not-shown", Least)
	}
	if err := access.Audit(ctx, s.db, access.Entry{Action: Read, Unit: out.Run.Unit, Subject: "survey-run:" + string(out.Run.ID), Read: true}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="phieu-khao-sat.xlsx"`)
	return sheet.WriteXLSX(w, sheets(ctx, out, s.namer(ctx, out.Run.SliceBy))...)
}

// sheets are the workbook: all answers, each group that may be told, the remarks.
// There is no line for an answer.
func sheets(ctx context.Context, out Results, name func(string) string) []sheet.Sheet {
	all := []sheet.Sheet{tallySheet(ctx, i18n.S(ctx, "learn_survey.results"), out, out.Total)}
	for i, g := range out.Slices {
		n := tallySheet(ctx, fmt.Sprintf("%d. %s", i+1, name(g.Label)), out, g.Tally)
		n.Titles = append(n.Titles, name(g.Label))
		all = append(all, n)
	}
	if len(out.Remarks) > 0 {
		rows := make([][]any, len(out.Remarks))
		for i, t := range out.Remarks {
			rows[i] = []any{t}
		}
		all = append(all, sheet.Sheet{Name: i18n.S(ctx, "learn_survey.remarks"), Titles: []string{out.Body.Open.Text},
			Fields: []sheet.Field{{Title: i18n.S(ctx, "learn_survey.remarks"), Width: 100}}, Rows: sheet.Rows(rows)})
	}
	return all
}

func tallySheet(ctx context.Context, name string, out Results, t Tally) sheet.Sheet {
	s := sheet.Sheet{Name: name, Titles: []string{out.Body.titled(ctx), out.Run.Course,
		i18n.S(ctx, "learn_survey.base", out.Run.Answered, out.Run.Invited)},
		Fields: []sheet.Field{{Title: i18n.S(ctx, "learn_survey.item"), Width: 70}}}
	for i, step := range out.Body.Scale {
		s.Fields = append(s.Fields, sheet.Field{Title: fmt.Sprintf("%d. %s", i+1, step.said(ctx)), Format: sheet.Integer})
	}
	s.Fields = append(s.Fields, sheet.Field{Title: i18n.S(ctx, "learn_survey.answers"), Format: sheet.Integer},
		sheet.Field{Title: i18n.S(ctx, "learn_survey.mean"), Format: sheet.Decimal2})
	var rows [][]any
	for i, d := range t.Items {
		row := []any{out.Body.Items[i].Text}
		for _, n := range d {
			row = append(row, n)
		}
		rows = append(rows, append(row, d.Base(), float64(d.Sum())/float64(max(d.Base(), 1))))
	}
	s.Rows = sheet.Rows(rows)
	return s
}

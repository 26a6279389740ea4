package learn

import (
	"lotrinh/learn/content"
	"lotrinh/learn/quiz"
	"lotrinh/org"
)

// fromContent makes a question for the bank of a unit out of a written one.
func fromContent(unit org.UnitID, topic string, q content.Question) quiz.NewQuestion {
	b := quiz.Body{Kind: quiz.Kind(q.Kind), Points: int64(q.Points), Stem: q.Stem, Explanation: q.Explanation, Sequence: q.Sequence, Accept: q.Accept}
	for _, o := range q.Options {
		b.Options = append(b.Options, quiz.Option{Text: o.Text, Right: o.Correct})
	}
	for _, p := range q.Pairs {
		b.Pairs = append(b.Pairs, quiz.Pair(p))
	}
	for _, r := range q.Rubric {
		b.Rubric = append(b.Rubric, quiz.Rubric{Text: r.Text, Points: int64(r.Points)})
	}
	if q.Answer != nil {
		b.Answer = *q.Answer
	}
	if q.Number != nil {
		b.Value, b.Tolerance, b.Unit = q.Number.Value, q.Number.Tolerance, q.Number.Unit
	}
	return quiz.NewQuestion{Unit: unit, Topic: topic, Outcome: q.Outcome, Level: quiz.Level(q.Level), Source: q.Key, Body: b}
}

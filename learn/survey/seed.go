package survey

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"

	"lotrinh/access"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// remarks of demo answers.
var demoRemarks = []string{
	"Nên thêm thời gian thực hành trên máy.",
	"Ví dụ sát với công việc ở xã, dễ áp dụng.",
	"Đề nghị gửi học liệu trước buổi học ít nhất ba ngày.",
	"Phòng học hơi chật, nghe không rõ ở hàng cuối.",
	"Mong có buổi ôn lại sau một tháng.",
	"Giảng viên nhiệt tình, trả lời hết câu hỏi.",
	"Nên tách nhóm theo trình độ dùng máy tính.",
	"Phần an toàn thông tin rất thiết thực.",
	"Đường truyền chập chờn trong giờ thực hành.",
	"Bớt lý thuyết, thêm tình huống thật của một cửa.",
	"Bài kiểm tra vừa sức.",
	"Lịch học trùng ngày tiếp dân, nên đổi buổi.",
}

// Demo asks SeedDemo for answers.
type Demo struct {
	Run     RunID
	Answers int // at most as many as were asked
}

// SeedDemo fills runs that are not sealed with plausible answers, the same ones
// for the same seed and the same people, without a line in the log for each. Only
// the house may.
func (s *Surveys) SeedDemo(ctx context.Context, seed uint64, runs ...Demo) error {
	for i, d := range runs {
		r, err := s.run(ctx, d.Run)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, Edit, r.Unit); err != nil {
			return err
		}
		if !access.In(ctx, Edit).All() {
			return errs.New(errs.Denied, "error.denied")
		}
		if err := s.seedRun(ctx, rand.New(rand.NewPCG(seed, uint64(i))), r, d.Answers); err != nil {
			return err
		}
	}
	return nil
}

// SeedPast enters a run of the past that is over and sealed, with as many answers
// of those invited as share says, in a hundred, and 600 at most. Only the house
// may.
func (s *Surveys) SeedPast(ctx context.Context, seed uint64, n NewRun, share int) error {
	if err := access.Check(ctx, Edit, n.Unit); err != nil {
		return err
	}
	if !access.In(ctx, Edit).All() {
		return errs.New(errs.Denied, "error.denied")
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		f, err := s.formFor(ctx, n.Unit, n.Key)
		if err != nil {
			return err
		}
		b, err := f.Body()
		if err != nil {
			return err
		}
		n.SliceBy, n.Quiet = sliceOf(b), true
		r, err := draft(ctx, n, f, b)
		if err != nil {
			return err
		}
		r.Sealed = true
		if err := db.Insert(ctx, s.db, "learn_survey_run", r); err != nil {
			return err
		}
		return s.seedSealed(ctx, rand.New(rand.NewPCG(seed, uint64(len(n.Invite)))), r, b, s.labels(ctx, r.SliceBy, asked(n.Invite, b)), share)
	})
}

const pastMost = 600 // answers of a run of the past

// seedSealed gives a sealed run answers out of groups of those asked; groups too
// small to be told lose their label, as they do when a run is sealed.
func (s *Surveys) seedSealed(ctx context.Context, rng *rand.Rand, r Run, b Body, labels []string, share int) error {
	rng.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
	labels = labels[:min(len(labels)*share/100, pastMost)]
	told := reveal(counted(labels))
	mood := moodOf(rng, len(b.Items))
	answers, remarks := make([]answer, len(labels)), []remark(nil)
	for i, label := range labels {
		if _, ok := told[label]; !ok {
			label = ""
		}
		answers[i] = answer{Run: r.ID, Slice: label, Scores: mood.scores(rng)}
		if b.Open.Text != "" && rng.IntN(12) == 0 {
			remarks = append(remarks, remark{Run: r.ID, Body: demoRemarks[rng.IntN(len(demoRemarks))]})
		}
	}
	return s.fill(ctx, rng, r, nil, answers, remarks)
}

func (s *Surveys) seedRun(ctx context.Context, rng *rand.Rand, r Run, n int) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		_, b, err := s.form(ctx, r.Form)
		if err != nil {
			return err
		}
		free, err := s.free(ctx, r)
		if err != nil {
			return err
		}
		rng.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
		free = free[:min(n, len(free))]
		mood := moodOf(rng, len(b.Items))
		answers, remarks, hashes := make([]answer, len(free)), []remark(nil), make([]string, len(free))
		for i, t := range free {
			hashes[i] = t.Hash
			answers[i] = answer{Run: r.ID, Slice: t.Slice, Scores: mood.scores(rng)}
			if b.Open.Text != "" && rng.IntN(4) == 0 {
				remarks = append(remarks, remark{Run: r.ID, Body: demoRemarks[rng.IntN(len(demoRemarks))]})
			}
		}
		return s.fill(ctx, rng, r, hashes, answers, remarks)
	})
}

// free is the tokens of a run that are not spent, in the order of people, which
// the key does not change.
func (s *Surveys) free(ctx context.Context, r Run) (list []token, err error) {
	tokens, err := db.All[token](ctx, s.db, `select hash, run_id, slice, used from learn_survey_token where run_id = $1 and not used`, r.ID)
	if err != nil {
		return nil, err
	}
	by := make(map[string]token, len(tokens))
	for _, t := range tokens {
		by[t.Hash] = t
	}
	invites, err := db.All[invite](ctx, s.db, `select run_id, person_id, respondent from learn_survey_invite where run_id = $1 order by person_id, respondent`, r.ID)
	for _, i := range invites {
		if t, ok := by[hashed(s.token(i))]; ok {
			list = append(list, t)
		}
	}
	return list, err
}

func (s *Surveys) fill(ctx context.Context, rng *rand.Rand, r Run, hashes []string, answers []answer, remarks []remark) error {
	draw := func() int64 { return rng.Int64N(1 << 31) }
	ids, err := s.freshBy(ctx, "learn_survey_reply", len(answers), draw)
	if err != nil {
		return err
	}
	for i := range answers {
		answers[i].ID = ids[i]
	}
	if ids, err = s.freshBy(ctx, "learn_survey_remark", len(remarks), draw); err != nil {
		return err
	}
	for i := range remarks {
		remarks[i].ID = ids[i]
	}
	slices.SortFunc(answers, func(a, b answer) int { return int(a.ID - b.ID) })
	slices.SortFunc(remarks, func(a, b remark) int { return int(a.ID - b.ID) })
	if err := db.Insert(ctx, s.db, "learn_survey_reply", answers...); err != nil {
		return err
	}
	if err := db.Insert(ctx, s.db, "learn_survey_remark", remarks...); err != nil {
		return err
	}
	for len(hashes) > 0 {
		n := min(400, len(hashes))
		w := db.NewWhere(true)
		if _, err := s.db.Exec(ctx, `update learn_survey_token set used = $1 where `+db.In(w, "hash", hashes[:n]).SQL(), w.Args()...); err != nil {
			return err
		}
		hashes = hashes[n:]
	}
	_, err = s.db.Exec(ctx, `update learn_survey_run set answered = answered + $1 where id = $2`, len(answers), r.ID)
	return err
}

// mood is how a course was liked: for each item the chances, in a hundred, of the
// steps from 1 to 5.
type mood [][5]int

func moodOf(rng *rand.Rand, items int) mood {
	general := rng.IntN(12)
	m := make(mood, items)
	for i := range m {
		worse := max(0, general+rng.IntN(14)-6) // out of a hundred, from content to not
		m[i] = [5]int{1 + worse/4, 3 + worse/2, 12 + worse, 0, 36 - worse}
		m[i][3] = 100 - m[i][0] - m[i][1] - m[i][2] - m[i][4]
	}
	return m
}

// scores draws one answer: people who are content are so throughout.
func (m mood) scores(rng *rand.Rand) string {
	lean := rng.IntN(31) - 15
	var b strings.Builder
	for _, chances := range m {
		at, step := min(99, max(0, rng.IntN(100)+lean)), 0
		for at >= chances[step] && step < 4 {
			at -= chances[step]
			step++
		}
		b.WriteByte('1' + byte(step))
	}
	return b.String()
}

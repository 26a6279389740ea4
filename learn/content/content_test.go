package content

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

const bank = "can-ban"

func TestProgrammes(t *testing.T) {
	ps := Programmes()
	if len(ps) != 2 {
		t.Fatalf("programmes: %d, want 2", len(ps))
	}
	months := map[string]bool{}
	for _, topic := range Topics() {
		if topic.StartsOn[:7] != topic.EndsOn[:7] {
			t.Errorf("%s: runs from %s to %s, want one month", topic.Key, topic.StartsOn, topic.EndsOn)
		}
		months[string(topic.StartsOn[:7])] = true
	}
	if len(months) != 6 || len(Topics()) != 6 {
		t.Errorf("%d topics in %d months, want 6 in 6", len(Topics()), len(months))
	}
	if ps[0].StartsOn[:7] != "2022-05" || ps[0].EndsOn[:7] != "2022-12" || len(ps[0].Audiences) != 4 {
		t.Errorf("Quảng Nam: %s to %s with %d audiences, want May to December with 4", ps[0].StartsOn, ps[0].EndsOn, len(ps[0].Audiences))
	}
}

func TestQuan9(t *testing.T) {
	p := Quan9()
	if p.StartsOn != "2020-10-01" || p.EndsOn != "2020-12-31" {
		t.Errorf("runs from %s to %s", p.StartsOn, p.EndsOn)
	}
	if len(p.Topics) != 4 || len(p.Classes) != 4 {
		t.Errorf("%d topics and %d classes, want 4 and 4", len(p.Topics), len(p.Classes))
	}
	for _, c := range p.Classes {
		if c.PlannedSize < 35 || c.PlannedSize > 45 {
			t.Errorf("%s: %d seats, want about 40", c.Key, c.PlannedSize)
		}
	}
	if last := p.Classes[3]; last.EndsOn != p.EndsOn {
		t.Errorf("the last class ends on %s, want the day before the district ended", last.EndsOn)
	}
}

// Every date on which something starts or ends is a day of work.
func TestDatesAreWeekdays(t *testing.T) {
	for _, p := range Programmes() {
		dates := []Date{p.StartsOn, p.EndsOn}
		for _, c := range p.Classes {
			dates = append(dates, c.StartsOn, c.EndsOn)
		}
		for _, topic := range p.Topics {
			dates = append(dates, topic.StartsOn, topic.EndsOn)
		}
		for _, d := range dates {
			day, ok := d.Time(time.UTC)
			if wd := day.Weekday(); !ok || wd == time.Saturday || wd == time.Sunday {
				t.Errorf("%s: %q is a %s", p.Key, d, wd)
			}
		}
	}
}

func TestLessonCounts(t *testing.T) {
	for _, topic := range Topics() {
		lessons, minutes, served := Lessons(topic.Key), 0, map[string]bool{}
		for _, l := range lessons {
			minutes += l.Minutes
			for _, o := range l.Outcomes {
				served[o] = true
			}
		}
		if minutes != topic.Minutes {
			t.Errorf("%s: lessons take %d minutes, the topic says %d", topic.Key, minutes, topic.Minutes)
		}
		if len(served) != len(topic.Outcomes) {
			t.Errorf("%s: %d of %d outcomes are served by a lesson", topic.Key, len(served), len(topic.Outcomes))
		}
		if n := len(lessons); topic.Key == bank && n < 10 || topic.Key != bank && (n < 3 || n > 5) {
			t.Errorf("%s: %d lessons", topic.Key, n)
		}
	}
	tasks := slices.DeleteFunc(Lessons(bank), func(l Lesson) bool { return l.Kind != LessonTask })
	if len(tasks) != 1 || len(tasks[0].Evidence) == 0 || len(tasks[0].Confirm) == 0 {
		t.Errorf("%d application tasks, want one with evidence and confirmation", len(tasks))
	}
}

func TestLessonLengthAndShape(t *testing.T) {
	for _, topic := range Topics() {
		for _, l := range Lessons(topic.Key) {
			least, most, parts := 500, 1000, []string{"> **Việc làm ngay tại đơn vị**", "### Câu hỏi suy nghĩ"}
			if l.Outline {
				least, most, parts = 120, 250, []string{"### Mục đích", "### Nội dung chính", "### Bài tập"}
			}
			if n := words(l.Body); n < least || n > most {
				t.Errorf("%s: %d words, want %d to %d", l.Key, n, least, most)
			}
			for _, part := range parts {
				if !strings.Contains(l.Body, part) {
					t.Errorf("%s: no %q", l.Key, part)
				}
			}
			if regexp.MustCompile(`(?m)^#{1,2} `).MatchString(l.Body) {
				t.Errorf("%s: headings start at ###", l.Key)
			}
		}
	}
}

// words counts what a reader would call words: runs without spaces that hold a
// letter or a digit. A Vietnamese word of two syllables counts twice.
func words(body string) int {
	n := 0
	for _, field := range strings.Fields(body) {
		if strings.ContainsFunc(field, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// Markdown that renders badly shows as bars, brackets or stars in the text.
func TestLessonsRender(t *testing.T) {
	md := goldmark.New(goldmark.WithExtensions(extension.Table))
	for _, topic := range Topics() {
		for _, l := range Lessons(topic.Key) {
			var html bytes.Buffer
			if err := md.Convert([]byte(l.Body), &html); err != nil {
				t.Fatal(err)
			}
			text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(html.String(), "")
			if at := regexp.MustCompile(`\*\*|\||!\[|\]\(|(?m)^#`).FindStringIndex(text); at != nil {
				t.Errorf("%s: Markdown is left near %q", l.Key, around(text, at))
			}
			if got, want := strings.Count(html.String(), "<h3>"), strings.Count("\n"+l.Body, "\n### "); got != want || want < 3 {
				t.Errorf("%s: %d headings rendered of %d", l.Key, got, want)
			}
			if strings.Contains(html.String(), "raw HTML omitted") {
				t.Errorf("%s: contains HTML", l.Key)
			}
		}
	}
}

// Tables must have as many cells in each row as in their head.
func TestTables(t *testing.T) {
	for _, topic := range Topics() {
		for _, l := range Lessons(topic.Key) {
			width := 0
			for line := range strings.Lines(l.Body) {
				n := strings.Count(line, "|")
				if !strings.HasPrefix(line, "|") {
					width = 0
					continue
				}
				if width == 0 {
					width = n
				}
				if n != width {
					t.Errorf("%s: %d bars instead of %d in %q", l.Key, n, width, line)
				}
			}
		}
	}
}

func TestQuan9UsesTheSameMaterial(t *testing.T) {
	if got, want := len(Lessons("q9-can-ban")), len(Lessons(bank)); got != want {
		t.Errorf("%d lessons, want %d", got, want)
	}
	if got, want := len(Questions("q9-can-ban")), len(Questions(bank)); got != want {
		t.Errorf("%d questions, want %d", got, want)
	}
	if Lessons("khong-co") != nil || Questions("khong-co") != nil || Questions("du-lieu") != nil {
		t.Error("an unknown topic has no lessons, and an outline no questions")
	}
}

func TestQuestionCounts(t *testing.T) {
	qs := Questions(bank)
	if len(qs) < 66 {
		t.Errorf("%d questions, want at least 66", len(qs))
	}
	kinds, outcomes, levels := map[QuestionKind]int{}, map[string]int{}, map[Level]int{}
	for _, q := range qs {
		kinds[q.Kind]++
		outcomes[q.Outcome]++
		levels[q.Level]++
	}
	for _, kind := range QuestionKinds() {
		least := 6
		if kind == Essay {
			least = 3
		}
		if kinds[kind] < least {
			t.Errorf("%s: %d questions, want at least %d", kind, kinds[kind], least)
		}
	}
	for _, o := range Topics()[0].Outcomes {
		if outcomes[o.Key] < 5 {
			t.Errorf("%s: %d questions, want at least 5", o.Key, outcomes[o.Key])
		}
	}
	for _, level := range []Level{Remember, Understand, Apply} {
		if levels[level] < 15 {
			t.Errorf("%s: %d questions, want at least 15", level, levels[level])
		}
	}
}

// A trainee who always ticks the same place, or the longest text, must not pass.
func TestAnswersCannotBeGuessed(t *testing.T) {
	var places [4]int
	singles, longest, trues, statements := 0, 0, 0, 0
	for _, q := range Questions(bank) {
		switch q.Kind {
		case Single:
			singles++
			place := slices.IndexFunc(q.Options, func(o Option) bool { return o.Correct })
			places[place]++
			if isLongest(q.Options, place) {
				longest++
			}
		case TrueFalse:
			statements++
			if *q.Answer {
				trues++
			}
		}
	}
	for place, n := range places {
		if low, high := singles/4-1, singles/4+1; n < low || n > high {
			t.Errorf("%d of %d single choices have the answer in place %d, want %d to %d", n, singles, place+1, low, high)
		}
	}
	if longest > singles*2/5 {
		t.Errorf("the longest option is right in %d of %d single choices", longest, singles)
	}
	if trues*5 < statements*2 || trues*5 > statements*3 {
		t.Errorf("%d of %d statements are true", trues, statements)
	}
}

func isLongest(options []Option, place int) bool {
	for i, o := range options {
		if i != place && len([]rune(o.Text)) >= len([]rune(options[place].Text)) {
			return false
		}
	}
	return true
}

// What a multiple choice asks for in words is what is marked as correct.
func TestMultipleSaysHowMany(t *testing.T) {
	names := map[int]string{2: "(Chọn hai.)", 3: "(Chọn ba.)"}
	for _, q := range Questions(bank) {
		if q.Kind != Multiple {
			continue
		}
		correct := 0
		for _, o := range q.Options {
			if o.Correct {
				correct++
			}
		}
		if !strings.HasSuffix(q.Stem, names[correct]) || names[correct] == "" {
			t.Errorf("%s: %d options are correct: %s", q.Key, correct, q.Stem)
		}
	}
}

func TestQuestionWording(t *testing.T) {
	banned := regexp.MustCompile(`(?i)tất cả (các )?(đáp án|phương án|câu|ý) trên|không (đáp án|phương án|câu|ý) nào`)
	stems := map[string]string{}
	for _, q := range Questions(bank) {
		if other := stems[q.Stem]; other != "" {
			t.Errorf("%s asks the same as %s", q.Key, other)
		}
		stems[q.Stem] = q.Key
		texts := []string{q.Stem, q.Explanation}
		for _, o := range q.Options {
			texts = append(texts, o.Text)
		}
		for _, text := range texts {
			if banned.MatchString(text) {
				t.Errorf("%s: %q", q.Key, text)
			}
		}
		if q.Kind == TrueFalse {
			if want := map[bool]string{true: "Đúng.", false: "Sai."}[*q.Answer]; !strings.HasPrefix(q.Explanation, want) {
				t.Errorf("%s: the explanation does not begin with %q", q.Key, want)
			}
		}
	}
}

func TestSurveys(t *testing.T) {
	order := []Object{ObjectProgramme, ObjectTrainee, ObjectLecturer, ObjectFacilities, ObjectCourse, ObjectEffect}
	asked := map[Respondent]bool{}
	for i, s := range Surveys() {
		if s.Object != order[i] {
			t.Errorf("survey %d is about %s, want %s", i+1, s.Object, order[i])
		}
		if n := len(s.Items); n < 5 || n > 8 {
			t.Errorf("%s: %d items, want 5 to 8", s.Key, n)
		}
		for _, r := range s.Respondents {
			asked[r] = true
		}
		if effect := s.Object == ObjectEffect; effect != slices.Contains(s.Respondents, AskAgency) || effect != (s.AfterDays >= 30) {
			t.Errorf("%s: the effect, and only it, is asked of the agency and later", s.Key)
		}
	}
	if len(Surveys()) != 6 || len(Scale()) != 5 || len(asked) != 3 {
		t.Errorf("%d surveys, %d steps, %d groups asked; want 6, 5, 3", len(Surveys()), len(Scale()), len(asked))
	}
}

func TestLegalBasis(t *testing.T) {
	acts := LegalBasis()
	if len(acts) < 10 {
		t.Errorf("%d acts", len(acts))
	}
	if !slices.IsSortedFunc(acts, func(a, b Act) int { return strings.Compare(string(a.IssuedOn), string(b.IssuedOn)) }) {
		t.Error("the oldest act comes first")
	}
	// The number of an act issued with a year in it bears the year of its date.
	year := regexp.MustCompile(`/((?:19|20)\d\d)/`)
	for _, a := range acts {
		if m := year.FindStringSubmatch(a.Number); m != nil && m[1] != string(a.IssuedOn[:4]) {
			t.Errorf("%s is dated %s", a.Number, a.IssuedOn)
		}
	}
}

// Acts that a lesson cites with a date carry the same date in the legal basis.
func TestCitationsAgree(t *testing.T) {
	for _, a := range LegalBasis() {
		day, _ := a.IssuedOn.Time(time.UTC)
		cited := regexp.MustCompile(regexp.QuoteMeta(a.Number) + ` ngày (\d{2}/\d{1,2}/\d{4})`)
		for name, text := range allText(t) {
			for _, m := range cited.FindAllStringSubmatch(text, -1) {
				if m[1] != day.Format("02/01/2006") && m[1] != day.Format("02/1/2006") {
					t.Errorf("%s: %s is dated %s, not %s", name, a.Number, a.IssuedOn, m[1])
				}
			}
		}
	}
}

// Callers get slices of their own.
func TestListsAreCopies(t *testing.T) {
	Topics()[0].Key = "x"
	Questions(bank)[0].Key = "x"
	if Topics()[0].Key == "x" || Questions(bank)[0].Key == "x" {
		t.Error("a caller changed the library")
	}
}

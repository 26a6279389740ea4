package content

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// copyOf is the shipped material with some files written anew.
func copyOf(t *testing.T, changed map[string]string) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range allText(t) {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range changed {
		if text == "" {
			delete(fsys, name)
			continue
		}
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// replaced is one shipped file with one text put in the place of another.
func replaced(t *testing.T, name, old, with string) map[string]string {
	t.Helper()
	text := allText(t)[name]
	if !strings.Contains(text, old) {
		t.Fatalf("%s does not contain %q", name, old)
	}
	return map[string]string{name: strings.Replace(text, old, with, 1)}
}

func TestLoadRefusesBrokenMaterial(t *testing.T) {
	const first = "can-ban/01-chuyen-doi-so-la-gi.md"
	for _, c := range []struct{ name, file, old, with, want string }{
		{"unknown key of a topic", "topics.toml", "minutes = 360", "minuets = 360", `unknown key "topic.minuets"`},
		{"unknown key of a lesson", first, "minutes = 20", "minutes = 20\nlength = 3", `unknown key "length"`},
		{"unknown key of an option", "can-ban/questions.toml", "correct = false }", "corect = false }", `unknown key "question.options.corect"`},
		{"unknown key of a survey", "survey.toml", "after_days = 0", "after = 0", "unknown key"},
		{"not TOML", "legal.toml", `kind = "Thông tư"`, `kind = Thông tư`, "legal.toml"},
		{"a number as text", "topics.toml", "minutes = 360", `minutes = "360"`, "topics.toml"},
		{"key used twice", "topics.toml", `key = "cb.loi-ich"`, `key = "cb.khai-niem"`, `key "cb.khai-niem" is used twice`},
		{"key with marks", "topics.toml", `key = "cb.loi-ich"`, `key = "cb.lợi-ích"`, "use a-z"},
		{"no such day", "topics.toml", `"2022-05-31"`, `"2022-05-32"`, "is not a date"},
		{"ends before it starts", "topics.toml", `"2022-05-31"`, `"2022-05-03"`, "comes before"},
		{"no such audience", "topics.toml", `"staff", "team-member"]`, `"staff", "nobody"]`, `unknown audience "nobody"`},
		{"no English title", "topics.toml", `title_en = "Digital transformation: the basics"`, `title_en = " "`, "text is missing"},
		{"topic without minutes", "topics.toml", "minutes = 360", "minutes = 0", "1 or more"},
		{"class of an unknown topic", "quan9.toml", `topics = ["q9-can-ban", "q9-chinh`, `topics = ["q9-can-ba", "q9-chinh`, `unknown topic "q9-can-ba"`},
		{"unknown material", "quan9.toml", `material = "can-ban"`, `material = "nang-cao"`, `no lessons for material "nang-cao"`},
		{"lesson without front matter", first, "+++\n", "", "between two lines of +++"},
		{"front matter left open", first, "\n+++\n\n", "\n\n", "between two lines of +++"},
		{"unknown outcome of a lesson", first, `["cb.khai-niem"]`, `["cb.khong-co"]`, `no outcome "cb.khong-co"`},
		{"unknown kind of lesson", first, `kind = "text"`, `kind = "video"`, `unknown kind "video"`},
		{"evidence asked by a text", first, `kind = "text"`, "kind = \"text\"\nevidence = [\"x\"]", "only a task"},
		{"task without evidence", first, `kind = "text"`, `kind = "task"`, "pieces of evidence"},
		{"unknown outcome of a question", "can-ban/questions.toml", `outcome = "cb.khai-niem"`, `outcome = "cb.khac"`, `no outcome "cb.khac"`},
		{"two right answers", "can-ban/questions.toml", "correct = false }", "correct = true }", "one correct option, not 2"},
		{"scale with a gap", "survey.toml", "value = 5", "value = 6", "step 5"},
		{"unknown respondent", "survey.toml", `["lecturer"]`, `["director"]`, `unknown respondent "director"`},
		{"unknown object", "survey.toml", `object = "course"`, `object = "coarse"`, `unknown object "coarse"`},
		{"act listed twice", "legal.toml", `"09/2019/NĐ-CP"`, `"10/2017/TT-BNV"`, "listed twice"},
		{"act in force before it was issued", "legal.toml", `"2019-03-12"`, `"2018-03-12"`, "comes before"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(copyOf(t, replaced(t, c.file, c.old, c.with)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestLoadNeedsEveryFile(t *testing.T) {
	for _, name := range []string{"topics.toml", "quan9.toml", "survey.toml", "legal.toml", "can-ban/questions.toml", "can-ban/05-du-lieu-mot-lan-khai-bao.md"} {
		if _, err := load(copyOf(t, map[string]string{name: ""})); err == nil {
			t.Errorf("%s may be missing", name)
		}
	}
	if _, err := load(fstest.MapFS{}); err == nil {
		t.Error("an empty folder loads")
	}
}

func yes() *bool { v := true; return &v }

func TestQuestionCheck(t *testing.T) {
	options := func(correct ...bool) []Option {
		var list []Option
		for i, c := range correct {
			list = append(list, Option{Text: string(rune('a' + i)), Correct: c})
		}
		return list
	}
	for _, c := range []struct {
		name string
		q    Question
		want string // empty where the question is fine
	}{
		{"single", Question{Kind: Single, Options: options(false, true, false)}, ""},
		{"single without an answer", Question{Kind: Single, Options: options(false, false, false)}, "one correct option"},
		{"single of two", Question{Kind: Single, Options: options(false, true)}, "at least 3 options"},
		{"options alike", Question{Kind: Single, Options: []Option{{"A b", true}, {"a  B", false}, {"c", false}}}, "repeated"},
		{"blank option", Question{Kind: Single, Options: []Option{{"A", true}, {" ", false}, {"c", false}}}, "blank"},
		{"multiple", Question{Kind: Multiple, Options: options(true, false, true)}, ""},
		{"multiple with one answer", Question{Kind: Multiple, Options: options(true, false, false)}, "two or more"},
		{"multiple all right", Question{Kind: Multiple, Options: options(true, true, true)}, "a wrong one"},
		{"statement", Question{Kind: TrueFalse, Answer: yes()}, ""},
		{"statement without an answer", Question{Kind: TrueFalse}, "has answer"},
		{"statement with options", Question{Kind: TrueFalse, Answer: yes(), Options: options(true)}, "nothing else"},
		{"matching", Question{Kind: Matching, Pairs: []Pair{{"a", "1"}, {"b", "2"}, {"c", "3"}}}, ""},
		{"matching with one right side twice", Question{Kind: Matching, Pairs: []Pair{{"a", "1"}, {"b", "1"}, {"c", "3"}}}, "right sides"},
		{"ordering", Question{Kind: Ordering, Sequence: []string{"a", "b", "c"}}, ""},
		{"ordering of two", Question{Kind: Ordering, Sequence: []string{"a", "b"}}, "at least 3 steps"},
		{"numeric", Question{Kind: Numeric, Number: &Number{Value: 1.5, Tolerance: 0.1}}, ""},
		{"numeric with less than no tolerance", Question{Kind: Numeric, Number: &Number{Value: 1, Tolerance: -1}}, "tolerance"},
		{"short text", Question{Kind: ShortText, Accept: []string{"DTI"}}, ""},
		{"short text that accepts nothing", Question{Kind: ShortText, Accept: []string{}}, "accepted answers"},
		{"essay", Question{Kind: Essay, Points: 3, Rubric: []RubricLine{{"a", 1}, {"b", 2}}}, ""},
		{"essay whose rubric does not add up", Question{Kind: Essay, Points: 4, Rubric: []RubricLine{{"a", 1}, {"b", 2}}}, "gives 3 points, the question 4"},
		{"essay with a free line", Question{Kind: Essay, Points: 2, Rubric: []RubricLine{{"a", 0}, {"b", 2}}}, "at least 1 point"},
		{"unknown kind", Question{Kind: "drawing"}, "unknown kind"},
		{"unknown level", Question{Kind: TrueFalse, Answer: yes(), Level: "guess"}, "unknown level"},
		{"no points", Question{Kind: TrueFalse, Answer: yes(), Points: -1}, "points"},
		{"no explanation", Question{Kind: TrueFalse, Answer: yes(), Explanation: " "}, "explanation"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := c.q
			if q.Level == "" {
				q.Level = Apply
			}
			if q.Points == 0 {
				q.Points = 1
			}
			if q.Explanation == "" {
				q.Explanation = "e"
			}
			q.Stem = "s"
			err := q.check()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestDate(t *testing.T) {
	if _, ok := Date("").Time(time.UTC); ok {
		t.Error("the zero date is a day")
	}
	if day, ok := Date("2020-12-31").Time(time.UTC); !ok || day.YearDay() != 366 {
		t.Errorf("31/12/2020 is day %d", day.YearDay())
	}
}

// A lesson that parses is one that passes its own checks, and parsing never panics.
func FuzzParseLesson(f *testing.F) {
	names, err := fs.Glob(files, "*/*.md")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("+++\n+++\n"))
	f.Add([]byte("+++\nkey = \"a\"\n+++\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		lesson, err := parseLesson(text)
		if err == nil && (lesson.Key == "" || blank(lesson.Body) || lesson.Minutes < 1) {
			t.Errorf("accepted %+v", lesson)
		}
	})
}

// A question bank that decodes is checked without a panic, and what passes the
// check can be marked.
func FuzzQuestions(f *testing.F) {
	text, err := fs.ReadFile(files, "can-ban/questions.toml")
	if err != nil {
		f.Fatal(err)
	}
	for _, part := range strings.SplitAfter(string(text), "\n\n") {
		f.Add(part)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var doc struct {
			Questions []Question `toml:"question"`
		}
		if decode(text, &doc) != nil {
			return
		}
		for _, q := range doc.Questions {
			if q.check() == nil && q.Kind == TrueFalse && q.Answer == nil {
				t.Errorf("accepted %+v", q)
			}
		}
	})
}

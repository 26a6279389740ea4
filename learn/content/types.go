package content

import "time"

// Programme is one training programme of one administrative unit.
type Programme struct {
	Key      string `toml:"key"`
	Title    string `toml:"title"`
	TitleEn  string `toml:"title_en"`
	Summary  string `toml:"summary"`
	Unit     string `toml:"unit"`      // name of the unit at that time, «Tỉnh Quảng Nam»
	UnitCode string `toml:"unit_code"` // its code of that time; codes are re-used, so read it with StartsOn
	StartsOn Date   `toml:"starts_on"`
	EndsOn   Date   `toml:"ends_on"`

	Audiences []Audience `toml:"audience"`
	Topics    []Topic    `toml:"topic"`
	Classes   []Class    `toml:"class"` // empty where classes are opened per unit
}

// Audience is a group of people that topics are meant for.
type Audience struct {
	Key     string `toml:"key"`
	Title   string `toml:"title"`
	TitleEn string `toml:"title_en"`
}

// Topic is a subject taught as a whole («chuyên đề»).
type Topic struct {
	Key       string    `toml:"key"`
	Title     string    `toml:"title"`
	TitleEn   string    `toml:"title_en"`
	Summary   string    `toml:"summary"`
	StartsOn  Date      `toml:"starts_on"`
	EndsOn    Date      `toml:"ends_on"`
	Minutes   int       `toml:"minutes"`   // where the topic has lessons of its own, the sum of theirs
	Audiences []string  `toml:"audiences"` // keys of the programme's audiences
	Outcomes  []Outcome `toml:"outcome"`
	Material  string    `toml:"material"` // the topic whose lessons and questions serve this one; its own key when unset
}

// Outcome is what a trainee can do after the topic («chuẩn đầu ra»).
type Outcome struct {
	Key  string `toml:"key"`
	Text string `toml:"text"`
}

// Class is one class group of a programme that fixes its classes in advance.
type Class struct {
	Key         string   `toml:"key"`
	Title       string   `toml:"title"`
	TitleEn     string   `toml:"title_en"`
	Audience    string   `toml:"audience"`
	PlannedSize int      `toml:"planned_size"`
	StartsOn    Date     `toml:"starts_on"`
	EndsOn      Date     `toml:"ends_on"`
	Topics      []string `toml:"topics"`
}

// LessonKind tells what a lesson asks of the trainee.
type LessonKind string

// The kinds of lessons.
const (
	LessonText LessonKind = "text" // to be read
	LessonTask LessonKind = "task" // to be done at the workplace, with evidence, and confirmed by the superior
)

// Lesson is one lesson («bài học») as written.
type Lesson struct {
	Topic    string     `toml:"-"` // key of its topic
	Order    int        `toml:"-"` // 1 for the first
	Outline  bool       `toml:"-"` // only its purpose, main points and an exercise are written
	Body     string     `toml:"-"` // Markdown with tables; headings start at ###
	Key      string     `toml:"key"`
	Title    string     `toml:"title"`
	TitleEn  string     `toml:"title_en"`
	Minutes  int        `toml:"minutes"`
	Kind     LessonKind `toml:"kind"`
	Outcomes []string   `toml:"outcomes"` // keys of the topic's outcomes
	Evidence []string   `toml:"evidence"` // of a task: what the trainee hands in
	Confirm  []string   `toml:"confirm"`  // of a task: what the superior confirms
}

// Survey is one evaluation questionnaire («phiếu khảo sát»).
type Survey struct {
	Key         string       `toml:"key"`
	Object      Object       `toml:"object"`
	Title       string       `toml:"title"`
	TitleEn     string       `toml:"title_en"`
	Intro       string       `toml:"intro"`
	Respondents []Respondent `toml:"respondents"`
	AfterDays   int          `toml:"after_days"` // days from the end of the course until it is sent
	Items       []Item       `toml:"item"`       // each answered on Scale
	Open        Item         `toml:"open"`       // answered in words
}

// Item is one line of a questionnaire.
type Item struct {
	Key  string `toml:"key"`
	Text string `toml:"text"`
}

// Step is one step of the scale.
type Step struct {
	Value  int    `toml:"value"` // 1 to 5
	Text   string `toml:"text"`
	TextEn string `toml:"text_en"`
}

// Object is what a questionnaire evaluates (Circular 10/2017/TT-BNV, article 1).
type Object string

// The six objects of evaluation, in the order of the Circular.
const (
	ObjectProgramme  Object = "programme"
	ObjectTrainee    Object = "trainee"
	ObjectLecturer   Object = "lecturer"
	ObjectFacilities Object = "facilities"
	ObjectCourse     Object = "course"
	ObjectEffect     Object = "post_training_effect"
)

// Respondent is who answers a questionnaire.
type Respondent string

// The groups asked.
const (
	AskTrainee  Respondent = "trainee"
	AskLecturer Respondent = "lecturer"
	AskAgency   Respondent = "employing_agency"
)

// Act is a legal act that a plan can cite.
type Act struct {
	Number    string `toml:"number"` // «10/2017/TT-BNV»
	Kind      string `toml:"kind"`   // «Thông tư»
	Issuer    string `toml:"issuer"`
	Title     string `toml:"title"`
	TitleEn   string `toml:"title_en"`
	IssuedOn  Date   `toml:"issued_on"`
	InForceOn Date   `toml:"in_force_on"` // unset where not known for certain
	EndedOn   Date   `toml:"ended_on"`    // unset where in force, or where not known for certain
	Use       string `toml:"use"`         // what a training plan takes from it
}

// Date is a day without a time or a place, written 2022-05-09 in the files.
// The zero Date means that no day is given.
type Date string

// Time is the start of the day in loc, and false where no day is given.
func (d Date) Time(loc *time.Location) (time.Time, bool) {
	t, err := time.ParseInLocation(time.DateOnly, string(d), loc)
	return t, err == nil
}

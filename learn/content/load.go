package content

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// library is a whole set of teaching material, parsed and checked.
type library struct {
	programmes []Programme
	lessons    map[string][]Lesson
	questions  map[string][]Question
	dirs       map[string]string // topic → folder of its lessons
	scale      []Step
	surveys    []Survey
	acts       []Act
}

// full is the topic that is written out; the others live in outlineDir.
const (
	full       = "can-ban"
	outlineDir = "outline"
)

// load reads material laid out as this package's own folder is. An unknown key,
// a missing text or an answer that does not fit its question is an error that
// names the file and the entry.
func load(fsys fs.FS) (*library, error) {
	lib := &library{lessons: map[string][]Lesson{}, questions: map[string][]Question{}, dirs: map[string]string{}}
	for _, step := range []func(fs.FS) error{lib.loadProgrammes, lib.loadTopics, lib.loadSurveys, lib.loadActs} {
		if err := step(fsys); err != nil {
			return nil, err
		}
	}
	return lib, lib.check()
}

func (l *library) loadProgrammes(fsys fs.FS) error {
	for _, name := range []string{"topics.toml", "quan9.toml"} {
		var p Programme
		if err := decodeFile(fsys, name, &p); err != nil {
			return err
		}
		for i := range p.Topics {
			if p.Topics[i].Material == "" {
				p.Topics[i].Material = p.Topics[i].Key
			}
		}
		l.programmes = append(l.programmes, p)
	}
	return nil
}

func (l *library) loadTopics(fsys fs.FS) error {
	for _, t := range l.programmes[0].Topics {
		dir, outline := full, false
		if t.Key != full {
			dir, outline = path.Join(outlineDir, t.Key), true
		}
		lessons, err := loadLessons(fsys, dir, t.Key, outline)
		if err != nil {
			return err
		}
		l.dirs[t.Key], l.lessons[t.Key] = dir, lessons
	}
	var bank struct {
		Questions []Question `toml:"question"`
	}
	err := decodeFile(fsys, path.Join(full, "questions.toml"), &bank)
	for i := range bank.Questions {
		bank.Questions[i].Topic = full
	}
	l.questions[full] = bank.Questions
	return err
}

func (l *library) loadSurveys(fsys fs.FS) error {
	var doc struct {
		Scale   []Step   `toml:"scale"`
		Surveys []Survey `toml:"survey"`
	}
	err := decodeFile(fsys, "survey.toml", &doc)
	l.scale, l.surveys = doc.Scale, doc.Surveys
	return err
}

func (l *library) loadActs(fsys fs.FS) error {
	var doc struct {
		Acts []Act `toml:"act"`
	}
	err := decodeFile(fsys, "legal.toml", &doc)
	l.acts = doc.Acts
	return err
}

// material resolves a topic of any programme to the topic whose lessons serve it.
func (l *library) material(topic string) string {
	for _, p := range l.programmes {
		for _, t := range p.Topics {
			if t.Key == topic {
				return t.Material
			}
		}
	}
	return topic
}

// loadLessons reads the NN-*.md files of a folder; NN must run from 01 without
// a gap.
func loadLessons(fsys fs.FS, dir, topic string, outline bool) ([]Lesson, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.md"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var lessons []Lesson
	for i, name := range names {
		if !strings.HasPrefix(path.Base(name), fmt.Sprintf("%02d-", i+1)) {
			return nil, fmt.Errorf("%s: lesson number %02d expected", name, i+1)
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		lesson, err := parseLesson(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		lesson.Topic, lesson.Order, lesson.Outline = topic, i+1, outline
		lessons = append(lessons, lesson)
	}
	return lessons, nil
}

// parseLesson reads one lesson: TOML between two lines of +++, then Markdown.
func parseLesson(text []byte) (Lesson, error) {
	var lesson Lesson
	rest, ok := bytes.CutPrefix(text, []byte("+++\n"))
	front, body, closed := bytes.Cut(rest, []byte("\n+++\n"))
	if !ok || !closed {
		return lesson, errors.New("a lesson starts with TOML between two lines of +++")
	}
	if err := decode(string(front), &lesson); err != nil {
		return Lesson{}, err
	}
	lesson.Body = strings.TrimSpace(string(body)) + "\n"
	return lesson, lesson.check()
}

func decodeFile(fsys fs.FS, name string, into any) error {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if err := decode(string(text), into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// decode is strict: a key that the struct does not know is an error.
func decode(text string, into any) error {
	meta, err := toml.Decode(text, into)
	if err != nil {
		return err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf("unknown key %q", unknown[0].String())
	}
	return nil
}

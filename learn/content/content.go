// Package content holds the teaching material that the demonstration starts
// with: two training programmes, the lessons and the question bank of the topic
// «Căn bản chuyển đổi số», the other topics in outline, the evaluation
// questionnaires and the legal basis of a plan.
//
// It is data and a loader, nothing more: it knows no database, no user and no
// other module. Markdown stays text, and whoever shows a lesson renders it. The
// files beside this one are the only place where the texts are written; every
// key in them is stable, so that loading the material twice can be recognised
// as loading the same thing.
//
// The texts are the current edition, not that of 2022: they say where an act is
// younger than the programme it is taught in.
package content

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"
)

//go:embed topics.toml quan9.toml survey.toml legal.toml can-ban outline
var files embed.FS

// shipped parses the embedded material once, on first use. It cannot fail in a
// program that passed its tests, because the tests load the very same bytes.
var shipped = sync.OnceValue(func() *library {
	lib, err := load(files)
	if err != nil {
		panic(fmt.Sprintf("content: the embedded material is broken: %v", err))
	}
	return lib
})

// Programmes are the training programmes: Quảng Nam's of 2022, then Quận 9's
// of 2020.
func Programmes() []Programme { return slices.Clone(shipped().programmes) }

// Topics are the six topics of Quảng Nam's programme, in the order taught.
func Topics() []Topic { return slices.Clone(shipped().programmes[0].Topics) }

// Quan9 is the programme of Quận 9, whose district ended on the day after it.
func Quan9() Programme { return shipped().programmes[1] }

// Lessons are the lessons of a topic, in order. A topic of Quận 9 answers with
// the lessons of the topic named by its Material. An unknown topic has none.
func Lessons(topic string) []Lesson {
	lib := shipped()
	return slices.Clone(lib.lessons[lib.material(topic)])
}

// Questions are the question bank of a topic, resolved as Lessons does. Topics
// that ship in outline have none.
func Questions(topic string) []Question {
	lib := shipped()
	return slices.Clone(lib.questions[lib.material(topic)])
}

// Surveys are the evaluation questionnaires, one for each of the six objects
// that Circular 10/2017/TT-BNV names, in its order.
func Surveys() []Survey { return slices.Clone(shipped().surveys) }

// Scale is the five steps of agreement that every questionnaire item is
// answered on, the lowest first.
func Scale() []Step { return slices.Clone(shipped().scale) }

// LegalBasis is the list of acts that a plan can cite, the oldest first.
func LegalBasis() []Act { return slices.Clone(shipped().acts) }

// Picture returns a picture that a lesson of the topic refers to, by the path
// the lesson uses, as in Picture("can-ban", "img/ba-muc.svg").
func Picture(topic, name string) ([]byte, error) {
	dir, ok := shipped().dirs[shipped().material(topic)]
	if !ok || path.Ext(name) != ".svg" {
		return nil, fs.ErrNotExist
	}
	return files.ReadFile(path.Join(dir, path.Clean("/"+name)))
}

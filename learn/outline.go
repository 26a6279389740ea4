package learn

import (
	"context"
	"sync"
	"sync/atomic"

	"lotrinh/learn/quiz"
)

// Outline is a course with its lessons in order, without their text. It never
// changes: a change of the course's lessons makes another one.
type Outline struct {
	Course   CourseID
	Version  int
	Lessons  []OutlineLesson
	Slots    int  // places in Enrolment.Marks
	Required int  // lessons that the rule asks for
	tasks    bool // there is an application task
	bySlot   map[int]int
	html     [2]atomic.Pointer[drawn] // by language
}

// OutlineLesson is a lesson in an outline.
type OutlineLesson struct {
	ID       LessonID    `db:"id"`
	Slot     int         `db:"slot"`
	No       int         `db:"no"`
	Kind     LessonKind  `db:"kind"`
	Title    string      `db:"title"`
	Minutes  int         `db:"minutes"`
	Required bool        `db:"required"`
	Test     quiz.TestID `db:"test_id"`
}

// Mark is how far a learner is with a lesson.
type Mark byte

// The marks, as they stand in Enrolment.Marks.
const (
	Untouched Mark = '.'
	Started   Mark = 's'
	Done      Mark = 'd'
	Waiting   Mark = 'w' // for the superior
	Again     Mark = 'r' // was not accepted; to be handed in again
)

// markAt is the mark of a slot.
func markAt(marks string, slot int) Mark {
	if slot < len(marks) {
		return Mark(marks[slot])
	}
	return Untouched
}

// Next is the lesson to go on with: the first that is not done, beginning with
// what has to be done again; -1 when all is done.
func (o *Outline) Next(marks string) int {
	next := -1
	for i, l := range o.Lessons {
		switch markAt(marks, l.Slot) {
		case Again:
			return i
		case Untouched, Started:
			if next < 0 {
				next = i
			}
		}
	}
	return next
}

// Done counts the lessons done, and of them those that the rule asks for.
func (o *Outline) Done(marks string) (all, required int) {
	for _, l := range o.Lessons {
		if markAt(marks, l.Slot) == Done {
			all++
			if l.Required {
				required++
			}
		}
	}
	return all, required
}

// outlines holds the outlines used last, each under its course and version.
type outlines struct {
	load func(context.Context, CourseID) (*Outline, error)
	mu   sync.RWMutex
	all  map[CourseID]*Outline
}

const outlinesMax = 2000 // of 50 lessons each: about 20 MB

// get returns the outline of a course at a version: that which the course row of
// the same transaction or page names.
func (c *outlines) get(ctx context.Context, id CourseID, version int) (*Outline, error) {
	c.mu.RLock()
	o := c.all[id]
	c.mu.RUnlock()
	if o != nil && o.Version == version {
		return o, nil
	}
	return c.fresh(ctx, id)
}

// fresh reads the outline of a course as it is now.
func (c *outlines) fresh(ctx context.Context, id CourseID) (*Outline, error) {
	o, err := c.load(ctx, id)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.all[id]; old != nil && old.Version > o.Version {
		return o, nil
	}
	if c.all == nil || len(c.all) >= outlinesMax {
		c.all = map[CourseID]*Outline{}
	}
	c.all[id] = o
	return o, nil
}

func (o *Outline) count() {
	o.bySlot = map[int]int{}
	for i, l := range o.Lessons {
		o.bySlot[l.Slot] = i
		o.Slots = max(o.Slots, l.Slot+1)
		o.tasks = o.tasks || l.Kind == LessonTask
		if l.Required {
			o.Required++
		}
	}
}

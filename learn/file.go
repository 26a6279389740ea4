package learn

import (
	"bytes"
	"context"
	"io"
	"strings"

	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/file"
)

// Limits of what authors upload, in bytes.
const (
	VideoMax   = 1 << 30
	PDFMax     = 100 << 20
	PictureMax = 5 << 20
)

var lessonFiles = map[LessonKind]map[string]string{
	LessonVideo: {".mp4": "video/mp4", ".webm": "video/webm"},
	LessonPDF:   {".pdf": "application/pdf"},
}

var pictureKinds = map[string]string{".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}

// Picture is a picture that lessons of a course show.
type Picture struct {
	Course CourseID `db:"course_id"`
	Name   string   `db:"name"`
	File   file.Ref `db:"file_ref"`
	Kind   string   `db:"kind"`
	Size   int64    `db:"size"`
}

// SetLessonFile puts the video or the PDF of a lesson.
func (l *Learn) SetLessonFile(ctx context.Context, lid LessonID, edition int, u Upload) error {
	row, err := l.store.lesson(ctx, lid)
	if err != nil {
		return err
	}
	c, err := l.CourseOf(ctx, row.Course) // asks access.Check, before anything is read
	if err != nil {
		return err
	}
	kind := lessonFiles[row.Kind][ending(u.Name)]
	if kind == "" {
		return errs.New(errs.Invalid, "error.invalid").Field("file", "learn.need.lesson-file")
	}
	limit := int64(VideoMax)
	if row.Kind == LessonPDF {
		limit = PDFMax
	}
	info, err := l.putChecked(ctx, u, kind, limit)
	if err != nil {
		return err
	}
	return l.changeLessons(ctx, c.ID, "learn.lesson.file", func(ctx context.Context, _ Course) error {
		if row.Edition != edition {
			return errs.New(errs.Conflict, "error.changed")
		}
		row.File, row.FileName, row.FileType, row.FileSize = info.Ref, fileName(u.Name), kind, info.Size
		return l.store.saveLesson(ctx, row)
	})
}

// putChecked keeps a file whose first bytes are what its name says.
func (l *Learn) putChecked(ctx context.Context, u Upload, kind string, limit int64) (file.Info, error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(u.Body, head)
	if err != nil && err != io.ErrUnexpectedEOF {
		return file.Info{}, errs.New(errs.Invalid, "learn.file.empty").Because(err)
	}
	head = head[:n]
	if !looksLike(kind, head) {
		return file.Info{}, errs.New(errs.Invalid, "error.invalid").Field("file", "learn.need.lesson-file")
	}
	return l.files.Put(ctx, io.MultiReader(bytes.NewReader(head), u.Body), limit)
}

// looksLike says whether a file begins as files of its kind do.
func looksLike(kind string, head []byte) bool {
	switch kind {
	case "application/pdf":
		return bytes.HasPrefix(head, []byte("%PDF-"))
	case "video/mp4":
		return len(head) > 12 && string(head[4:8]) == "ftyp"
	case "video/webm":
		return bytes.HasPrefix(head, []byte{0x1a, 0x45, 0xdf, 0xa3})
	case "image/png":
		return bytes.HasPrefix(head, []byte("\x89PNG"))
	case "image/jpeg":
		return bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff})
	case "image/webp":
		return len(head) > 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP"
	case "image/svg+xml":
		return strings.Contains(string(head), "<svg")
	}
	return false
}

// AddPicture keeps a picture for the lessons of a course under the name by which
// they show it. The same name again replaces it.
func (l *Learn) AddPicture(ctx context.Context, cid CourseID, u Upload) error {
	c, err := l.CourseOf(ctx, cid) // asks access.Check
	if err != nil {
		return err
	}
	kind := pictureKinds[ending(u.Name)]
	if kind == "" || !pictureName(u.Name) {
		return errs.New(errs.Invalid, "error.invalid").Field("file", "learn.need.picture")
	}
	info, err := l.putChecked(ctx, u, kind, PictureMax)
	if err != nil {
		return err
	}
	return l.db.Tx(ctx, func(ctx context.Context) error {
		err := db.InsertOr(ctx, l.db, "learn_picture", `on conflict (course_id, name) do update set file_ref = excluded.file_ref, kind = excluded.kind, size = excluded.size`,
			Picture{cid, u.Name, info.Ref, kind, info.Size})
		if err != nil {
			return err
		}
		return l.audit(ctx, "learn.picture.added", c.Unit, "course:"+string(cid), u.Name)
	})
}

// OpenPicture opens a picture of a course for those who may Study it.
func (l *Learn) OpenPicture(ctx context.Context, cid CourseID, name string) (Picture, io.ReadSeekCloser, error) {
	if _, err := l.Study(ctx, cid); err != nil { // asks access.Who
		return Picture{}, nil, err
	}
	p, err := db.One[Picture](ctx, l.db, `select `+db.Columns[Picture]("")+` from learn_picture where course_id = $1 and name = $2`, string(cid), name)
	if err != nil {
		return p, nil, err
	}
	r, _, err := l.files.Open(ctx, p.File)
	return p, r, err
}

// OpenLessonFile opens the video or PDF of a lesson for those who may study it.
func (l *Learn) OpenLessonFile(ctx context.Context, cid CourseID, slot int) (Lesson, io.ReadSeekCloser, error) {
	v, err := l.StudyLesson(ctx, cid, slot) // asks access.Who
	if err != nil {
		return Lesson{}, nil, err
	}
	if v.Lesson.File == "" {
		return v.Lesson, nil, errs.New(errs.NotFound, "error.not-found")
	}
	r, _, err := l.files.Open(ctx, v.Lesson.File)
	if err == nil && v.Learning && markAt(v.Enrolment.Marks, slot) == Untouched {
		err = l.note(ctx, v.Enrolment, progress{Slot: slot, State: string(Started)})
	}
	return v.Lesson, r, err
}

// refs tells doctor which files learn refers to.
func (l *Learn) refs(ctx context.Context, yield func(string) error) error {
	return db.Each(ctx, l.db, `select file_ref from learn_lesson where file_ref <> '' union select file_ref from learn_picture
		union select file_ref from learn_evidence union select file_ref from learn_bundle where file_ref <> ''`, nil, yield)
}

"""What happens to pipelines and the order of their stages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from organizations.models import User

from .models import Pipeline, Stage


@transaction.atomic
def write_pipeline(
    pipeline: Pipeline, *, by: User, stages: Sequence[Mapping[str, Any]] | None = None, **values: Any
) -> Pipeline:
    """Make or change a pipeline; with `stages`, these are its stages from now on."""
    pipeline = pipeline.locked()
    for name, value in values.items():
        setattr(pipeline, name, value)
    pipeline.save()
    if stages is not None:
        arrange(pipeline, stages, by=by)
    return pipeline


@transaction.atomic
def arrange(pipeline: Pipeline, wanted: Sequence[Mapping[str, Any]], *, by: User) -> None:
    """Those with an `id` are changed, those without are made, those that `by` sees and leaves out are deleted.

    A new stage without `index` gets its place in the sequence. ValidationError for the id of a stage elsewhere or two
    of one index; PermissionDenied if `by` may not add, change or delete stages."""
    pipeline.locked()
    present = {stage.pk: stage for stage in Stage.objects.permitted(by).filter(pipeline=pipeline)}
    kept = [_stage(pipeline, place, values, present, by) for place, values in enumerate(wanted)]
    _refuse_shared_indexes(kept)
    left_out = [stage for pk, stage in present.items() if pk not in {stage.pk for stage in kept}]
    new = [stage for stage in kept if stage._state.adding]
    changed = [s for s, values in zip(kept, wanted, strict=True) if not s._state.adding and set(values) - {"id"}]
    for rows, action in ((left_out, "delete"), (new, "add"), (changed, "change")):
        if rows and not by.may(Stage.permission(action), pipeline.organization_id):
            raise PermissionDenied
    for stage in left_out:
        stage.delete()
    _make_way(pipeline, changed)
    for stage in [*changed, *new]:
        stage.save()


@transaction.atomic
def add_stage(pipeline: Pipeline, *, by: User, **values: Any) -> Stage:
    """A stage at `index`, or at the end. IntegrityError if another has that index."""
    # Of two at the same moment, one comes after the other.
    pipeline.locked()
    values.setdefault("index", next_index(pipeline))
    return Stage.objects.create(pipeline=pipeline, organization_id=pipeline.organization_id, created_by=by, **values)


def next_index(pipeline: Pipeline) -> int:
    highest = pipeline.stages.aggregate(highest=Max("index"))["highest"]
    return 0 if highest is None else highest + 1


def _stage(pipeline: Pipeline, place: int, values: Mapping[str, Any], present: Mapping[Any, Stage], by: User) -> Stage:
    if "id" not in values:
        new = Stage(pipeline=pipeline, organization_id=pipeline.organization_id, created_by=by, index=place)
    elif values["id"] not in present:
        raise ValidationError({"stages": _("There is no such stage in this pipeline.")})
    else:
        new = present[values["id"]]
    for name, value in values.items():
        if name != "id":
            setattr(new, name, value)
    return new


def _refuse_shared_indexes(stages: Iterable[Stage]) -> None:
    seen: set[int] = set()
    for stage in stages:
        if stage.index in seen:
            raise ValidationError({"stages": _("Two stages have the index %(index)d.") % {"index": stage.index}})
        seen.add(stage.index)


def _make_way(pipeline: Pipeline, moving: Sequence[Stage]) -> None:
    """Two stages can't swap in one step while the index is unique: all that move step aside to free indexes first."""
    aside = next_index(pipeline)
    aside = max(aside, *(stage.index + 1 for stage in moving)) if moving else aside
    for step, stage in enumerate(moving):
        Stage.objects.filter(pk=stage.pk).update(index=aside + step)

import factory

from organizations.tests.factories import OrganizationFactory
from pipelines.models import Pipeline, Stage


class PipelineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pipeline

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence("Pipeline {}".format)


class StageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Stage

    pipeline = factory.SubFactory(PipelineFactory)
    organization = factory.SelfAttribute("pipeline.organization")
    name = factory.Sequence("Stage {}".format)
    index = factory.Sequence(lambda n: n)

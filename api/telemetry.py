"""Traces of answers, sent where the operator says; without that nothing is measured and nothing leaves."""

from api.errors import NotServed


def trace_to(url: str, software: str) -> None:
    """Send a span for each answer (outcome, snapshot, seconds of each stage; never its question) by OTLP over HTTP.

    Raises NotServed when the extra for it is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        told = "SEQUITUR_TELEMETRY_URL is set; for that install: pip install 'sequitur-clinical[telemetry]'"
        raise NotServed(told) from error
    from opentelemetry.trace import set_tracer_provider

    name, _, version = software.rpartition(" ")
    provider = TracerProvider(resource=Resource.create({"service.name": name, "service.version": version}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    set_tracer_provider(provider)

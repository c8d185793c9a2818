# Serves an exported model, without Keras and TensorFlow:
#   docker build --build-arg ARTEFACT=exports/first/onnx -t pets .
#   docker run --publish 8000:8000 --env VGG_TRANSFER_TOKEN=at-least-16-letters pets
FROM python:3.12-slim

# What runs the model's format: onnxruntime, openvino or ai-edge-litert.
ARG RUNTIME="onnxruntime>=1.32"

WORKDIR /src
COPY pyproject.toml setup.cfg README.md LICENSE ./
COPY vgg_transfer ./vgg_transfer
# --no-deps: what trains is not needed to serve.
# hadolint ignore=DL3013
RUN pip install --no-cache-dir --no-deps . \
  && pip install --no-cache-dir \
    "fastapi>=0.165" "filelock>=3.20.1" "numpy>=2.1" "pillow>=11.0" "python-multipart>=0.0.34" \
    "rich>=14.0" "threadpoolctl>=3.5" \
    "typer>=0.16" "uvicorn>=0.54" "$RUNTIME"

ARG ARTEFACT
COPY ${ARTEFACT} /model
# A model that does not say what it said when it was exported is not put into an image.
RUN vgg-transfer check /model

USER 65534
EXPOSE 8000
ENTRYPOINT ["vgg-transfer", "serve", "/model", "--host", "0.0.0.0", "--port", "8000"]

# SPDX-License-Identifier: Apache-2.0
# Not built by CI. Two stages: build with what `make build` calls, run as a user without rights.
#   docker build -t apus .
#   docker run -p 1883:1883 -e INITIAL_ROOT_PASSWORD=change-me -v apus-data:/data apus

FROM swift:6.2-bookworm AS build
WORKDIR /src
COPY . .
RUN apt-get update && apt-get install -y --no-install-recommends make && make build \
    && strip .build/release/apus

FROM swift:6.2-bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends liblz4-1 libsqlite3-0 libedit2 curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 apus && mkdir /data && chown apus /data
COPY --from=build /src/.build/release/apus /usr/local/bin/apus
COPY conf/iotdb-engine.properties /etc/apus/iotdb-engine.properties
USER apus
VOLUME /data
EXPOSE 1883 18080
HEALTHCHECK --interval=10s --timeout=3s CMD curl -fsS http://127.0.0.1:18080/ping || exit 1
ENTRYPOINT ["apus"]
CMD ["serve", "--config", "/etc/apus/iotdb-engine.properties", "--set", "data_dir=/data"]

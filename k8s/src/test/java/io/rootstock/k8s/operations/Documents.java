package io.rootstock.k8s.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.k8s.Kustomize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The resources of an overlay.
 *
 * @param documents resources, rendered
 */
record Documents(List<ObjectNode> documents) {
    static final List<String> SERVICES = List.of("registry", "tokenizer", "trainer", "inference", "evaluator");

    static Documents of(String overlay) throws IOException {
        return new Documents(Kustomize.render(Path.of("overlays", overlay)));
    }

    List<ObjectNode> all(String kind) {
        return documents.stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .toList();
    }

    ObjectNode named(String kind, String name) {
        return all(kind).stream()
                .filter(document -> name(document).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    static String name(JsonNode document) {
        return document.at("/metadata/name").asText();
    }
}

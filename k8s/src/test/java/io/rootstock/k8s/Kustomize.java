package io.rootstock.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Renders kustomizations as {@code kubectl kustomize} does, for the fields that ours have; other fields are errors, and so
 * are patches that match nothing. Only the order of items and documents may differ.
 */
public final class Kustomize {
    private static final Set<String> FIELDS = Set.of(
            "apiVersion",
            "kind",
            "namespace",
            "labels",
            "resources",
            "components",
            "patches",
            "images",
            "generatorOptions",
            "configMapGenerator");
    /** Kinds without a namespace. */
    private static final Set<String> OF_THE_CLUSTER = Set.of("Namespace", "PriorityClass");

    private static final Set<String> TARGET = Set.of("version", "kind", "name");

    private final List<ObjectNode> documents = new ArrayList<>();

    private Kustomize() {}

    /** Renders the kustomization in a directory. */
    public static List<ObjectNode> render(Path directory) throws IOException {
        Kustomize kustomize = new Kustomize();
        kustomize.add(directory);
        kustomize.setNamespaceOfSubjects();
        return kustomize.documents;
    }

    /** Applies a component to rendered resources, which are not changed, as an overlay with this namespace does. */
    public static List<ObjectNode> apply(List<ObjectNode> rendered, Path component, String namespace)
            throws IOException {
        requireKind(component, "Component");
        Kustomize kustomize = new Kustomize();
        rendered.forEach(document -> kustomize.documents.add(document.deepCopy()));
        kustomize.add(component);
        kustomize.setNamespace(namespace);
        kustomize.setNamespaceOfSubjects();
        return kustomize.documents;
    }

    private void add(Path directory) throws IOException {
        JsonNode kustomization = Manifests.tree(directory.resolve("kustomization.yaml"));
        requireFields(directory, kustomization, FIELDS);
        for (JsonNode resource : kustomization.path("resources")) {
            Path path = directory.resolve(resource.asText()).normalize();
            documents.addAll(Files.isDirectory(path) ? render(path) : Manifests.documents(path));
        }
        for (JsonNode generated : kustomization.path("configMapGenerator")) {
            documents.add(configMap(directory, generated, kustomization.path("generatorOptions")));
        }
        requireUnique(directory);
        for (JsonNode component : kustomization.path("components")) {
            Path path = directory.resolve(component.asText()).normalize();
            requireKind(path, "Component");
            add(path);
        }
        for (JsonNode patch : kustomization.path("patches")) {
            requireFields(directory, patch, Set.of("path", "target"));
            patch(directory.resolve(patch.path("path").asText()), patch.path("target"));
        }
        if (kustomization.has("namespace")) {
            setNamespace(kustomization.path("namespace").asText());
        }
        for (JsonNode labels : kustomization.path("labels")) {
            requireFields(directory, labels, Set.of("pairs"));
            for (ObjectNode document : documents) {
                document.withObject("/metadata/labels").setAll((ObjectNode) labels.path("pairs"));
            }
        }
        for (JsonNode image : kustomization.path("images")) {
            requireFields(directory, image, Set.of("name", "newTag"));
            setTag(image.path("name").asText(), image.path("newTag").asText());
        }
    }

    private static void requireFields(Path directory, JsonNode node, Set<String> known) throws IOException {
        for (String name : (Iterable<String>) node::fieldNames) {
            if (!known.contains(name)) {
                throw new IOException(directory + ": unknown field " + name + "; known: " + known);
            }
        }
    }

    private static void requireKind(Path directory, String kind) throws IOException {
        String actual = Manifests.tree(directory.resolve("kustomization.yaml"))
                .path("kind")
                .asText();
        if (!actual.equals(kind)) {
            throw new IOException(directory + " is a " + actual + ", not a " + kind);
        }
    }

    private void requireUnique(Path directory) throws IOException {
        Set<String> names = new HashSet<>();
        for (ObjectNode document : documents) {
            if (!names.add(id(document))) {
                throw new IOException(directory + " has " + id(document) + " twice");
            }
        }
    }

    private static ObjectNode configMap(Path directory, JsonNode generated, JsonNode options) throws IOException {
        requireFields(directory, generated, Set.of("name", "files"));
        requireFields(directory, options, Set.of("disableNameSuffixHash", "labels"));
        if (!options.path("disableNameSuffixHash").asBoolean()) {
            throw new IOException(directory + ": names with the suffix of a hash are not supported");
        }
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        map.put("apiVersion", "v1").put("kind", "ConfigMap");
        map.withObject("/metadata").put("name", generated.path("name").asText());
        if (options.has("labels")) {
            map.withObject("/metadata").set("labels", options.path("labels").deepCopy());
        }
        for (JsonNode file : generated.path("files")) {
            map.withObjectProperty("data").put(file.asText(), Files.readString(directory.resolve(file.asText())));
        }
        return map;
    }

    private void patch(Path file, JsonNode target) throws IOException {
        JsonNode patch = Manifests.tree(file);
        requireFields(file, target, TARGET);
        List<ObjectNode> matches = new ArrayList<>();
        for (ObjectNode document : documents) {
            if (target.isMissingNode() ? id(document).equals(id(patch)) : isSelected(document, target)) {
                matches.add(document);
            }
        }
        if (matches.isEmpty()) {
            throw new IOException(file + " matches no resource");
        }
        for (ObjectNode match : matches) {
            if (patch.isArray()) {
                documents.set(documents.indexOf(match), patched(file, patch, match));
            } else if (StrategicMerge.deletes(patch)) {
                documents.remove(match);
            } else {
                StrategicMerge.apply(match, patch);
            }
        }
    }

    private static ObjectNode patched(Path file, JsonNode operations, ObjectNode document) throws IOException {
        try {
            return (ObjectNode) JsonPatch.apply(operations, document);
        } catch (JsonPatchException e) {
            throw new IOException(file + " on " + id(document) + ": " + e.getMessage(), e);
        }
    }

    /** The patterns of a target match whole values. */
    private static boolean isSelected(ObjectNode document, JsonNode target) {
        String apiVersion = document.path("apiVersion").asText();
        return isMatch(target.path("kind"), document.path("kind").asText())
                && isMatch(target.path("name"), document.at("/metadata/name").asText())
                && isMatch(target.path("version"), apiVersion.substring(apiVersion.indexOf('/') + 1));
    }

    private static boolean isMatch(JsonNode pattern, String value) {
        return pattern.isMissingNode() || value.matches(pattern.asText());
    }

    private void setNamespace(String namespace) {
        for (ObjectNode document : documents) {
            String kind = document.path("kind").asText();
            if (kind.equals("Namespace")) {
                document.withObject("/metadata").put("name", namespace);
            } else if (!OF_THE_CLUSTER.contains(kind)) {
                document.withObject("/metadata").put("namespace", namespace);
            }
        }
    }

    /** Subjects of role bindings name a service account of the same kustomization. */
    private void setNamespaceOfSubjects() {
        for (ObjectNode binding : documents) {
            for (JsonNode subject : binding.path("subjects")) {
                documents.stream()
                        .filter(document -> document.path("kind").equals(subject.path("kind"))
                                && document.at("/metadata/name").equals(subject.path("name"))
                                && document.at("/metadata").has("namespace"))
                        .forEach(account -> ((ObjectNode) subject).set("namespace", account.at("/metadata/namespace")));
            }
        }
    }

    private void setTag(String name, String tag) {
        for (ObjectNode document : documents) {
            for (String list : List.of("initContainers", "containers")) {
                for (JsonNode container : document.at("/spec/template/spec/" + list)) {
                    if (container
                            .path("image")
                            .asText()
                            .replaceFirst(":[^/]*$", "")
                            .equals(name)) {
                        ((ObjectNode) container).put("image", name + ":" + tag);
                    }
                }
            }
        }
    }

    private static String id(JsonNode document) {
        return document.path("apiVersion").asText() + " "
                + document.path("kind").asText() + " "
                + document.at("/metadata/name").asText();
    }
}

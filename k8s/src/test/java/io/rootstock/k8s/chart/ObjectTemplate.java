package io.rootstock.k8s.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The template of one resource: its fields, with a choice where a component makes a difference. */
final class ObjectTemplate {
    private static final int INDENT = 2;

    private final ChartValues values;

    private ObjectTemplate(ChartValues values) {
        this.values = values;
    }

    /** Returns the template of a resource, which some combinations may not have. */
    static List<Node> of(Variants resource) {
        if (!resource.areAlike()) {
            return choice(resource, ObjectTemplate::of);
        }
        JsonNode any = resource.first();
        if (any.isMissingNode()) {
            return List.of();
        }
        ChartValues values = new ChartValues(
                any.path("kind").asText(), any.at("/metadata/name").asText());
        List<Node> nodes = new ArrayList<>();
        nodes.add(Node.Line.of("---"));
        nodes.addAll(new ObjectTemplate(values).fields(resource, "", 0));
        return values.whole(nodes);
    }

    private List<Node> fields(Variants object, String path, int indent) {
        List<Node> nodes = new ArrayList<>();
        for (String name : object.fields()) {
            nodes.addAll(field(object.map(value -> value.path(name)), name, path + "/" + name, indent));
        }
        nodes.addAll(values.extras(path, indent, object.fields()));
        return nodes;
    }

    private List<Node> field(Variants value, String name, String path, int indent) {
        if (!value.areAlike()) {
            return choice(value, part -> field(part, name, path, indent));
        }
        JsonNode any = value.first();
        if (any.isMissingNode()) {
            return List.of();
        }
        String key = " ".repeat(indent) + name + ":";
        List<Node> nodes = new ArrayList<>();
        if (any.isObject() && value.cases().values().stream().noneMatch(JsonNode::isEmpty)) {
            nodes.add(Node.Line.of(key));
            nodes.addAll(fields(value, path, indent + INDENT));
        } else if (any.isArray() && value.cases().values().stream().noneMatch(JsonNode::isEmpty)) {
            nodes.add(Node.Line.of(key));
            if (any.path(0).isObject()) {
                value.items().forEach(item -> nodes.addAll(item(item, path, indent + INDENT)));
            } else {
                nodes.addAll(scalars(value, indent + INDENT));
            }
        } else {
            if (!value.areEqual()) {
                return choice(value, part -> field(part, name, path, indent));
            }
            nodes.addAll(scalar(key + " ", any, name, path, indent));
        }
        return values.field(path, indent, nodes);
    }

    /** The first field of an item is on the line of the hyphen, so all combinations must have it, with the same value. */
    private List<Node> item(Variants item, String path, int indent) {
        if (!item.areAlike()) {
            return choice(item, part -> item(part, path, indent));
        }
        if (item.first().isMissingNode()) {
            return List.of();
        }
        List<Node> nodes = new ArrayList<>();
        nodes.add(Node.Line.of(" ".repeat(indent) + "-"));
        nodes.addAll(fields(item, path + "/" + item.first().path("name").asText(), indent + INDENT));
        return nodes;
    }

    private List<Node> scalars(Variants list, int indent) {
        if (!list.areEqual()) {
            return choice(list, part -> scalars(part, indent));
        }
        List<Node> nodes = new ArrayList<>();
        list.first().forEach(each -> nodes.add(values.line(" ".repeat(indent) + "- " + Scalars.inline(each))));
        return nodes;
    }

    private List<Node> scalar(String key, JsonNode value, String name, String path, int indent) {
        List<Node> nodes = new ArrayList<>();
        if (Scalars.isBlock(value)) {
            nodes.add(Node.Line.of(key + Scalars.indicator(value.asText())));
            for (String line : Scalars.block(value.asText(), indent + INDENT)) {
                nodes.add(values.line(line));
            }
        } else {
            nodes.add(values.scalar(key, value, name, path));
        }
        return nodes;
    }

    private static List<Node> choice(Variants variants, Function<Variants, List<Node>> template) {
        String component = variants.split();
        List<Node> with = template.apply(variants.with(component, true));
        List<Node> without = template.apply(variants.with(component, false));
        return with.isEmpty() && without.isEmpty() ? List.of() : List.of(new Node.Choice(component, with, without));
    }
}

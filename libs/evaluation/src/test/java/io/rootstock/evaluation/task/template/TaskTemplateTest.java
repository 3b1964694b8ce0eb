package io.rootstock.evaluation.task.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.yaml.InvalidFileException;
import io.rootstock.yaml.YamlText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTemplateTest {
    private static final Map<String, Object> ROW = row();

    private static Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("q", "What is it?");
        row.put("choices", List.of("a cat", "a dog's"));
        row.put("gold", 1L);
        row.put("n", null);
        row.put("f", 0.5);
        row.put("t", true);
        row.put("d", Map.of("k", "v", "items_", List.of(1L, 2L)));
        row.put("s", " padded \n");
        return row;
    }

    /** Templates and their output in Jinja2 3.1.6, in lm-evaluation-harness' environment. */
    static Stream<Arguments> templates() {
        return Stream.of(
                Arguments.of("{{q}}\n", "What is it?\n"),
                Arguments.of("{{q}}\n\n", "What is it?\n\n"),
                Arguments.of("a\n  {% if t %}\n b\n  {% endif %}\nc\n", "a\n  \n b\n  \nc\n"),
                Arguments.of("{# c #}\n{{q}}", "\nWhat is it?"),
                Arguments.of("  {# c #}  x", "    x"),
                Arguments.of("{%- if t -%}  y  {%- endif -%}", "y"),
                Arguments.of("{% for c in choices %}{{loop.index}}. {{c}}\n{% endfor %}", "1. a cat\n2. a dog's\n"),
                Arguments.of("{{choices}}", "['a cat', \"a dog's\"]"),
                Arguments.of("{{[q, q]}}", "['What is it?', 'What is it?']"),
                Arguments.of("{{n}} {{f}} {{t}} {{gold}}", "None 0.5 True 1"),
                Arguments.of("{{d.k}} {{d['k']}} {{d.items_[1]}}", "v v 2"),
                Arguments.of("{{choices[gold]}}", "a dog's"),
                Arguments.of("{{q|replace('What','Which')|upper}}", "WHICH IS IT?"),
                Arguments.of("{{q.replace('is','was').split(' ')[0]}}", "What"),
                Arguments.of("{{s|trim}}|", "padded|"),
                Arguments.of("{{s.strip()}}", "padded"),
                Arguments.of("{{q|regex_replace('[a-z]+','x')}}", "Wx x x?"),
                Arguments.of("{{q|regex_replace('(W)(h)', '\\\\2\\\\1')}}", "hWat is it?"),
                Arguments.of("{{q|regex_replace('[a-z]', 'x', 2)}}", "Wxxt is it?"),
                Arguments.of("{{ '%}' }}{{ \"}}\" }}", "%}}}"),
                Arguments.of("{% set x = 'ABCD'[gold] %}{{x}}", "B"),
                Arguments.of("{% raw %}{{q}}\n{% endraw %}\nz", "{{q}}\n\nz"),
                Arguments.of("{{choices|join(' / ')}}", "a cat / a dog's"),
                Arguments.of("{{', '.join(choices)}}", "a cat, a dog's"),
                Arguments.of("{{missing|default('none')}}", "none"),
                Arguments.of("{{'yes' if missing is defined else 'no'}}", "no"),
                Arguments.of("{{q[:4]}}{{q[-1]}}", "What?"),
                Arguments.of("{{choices|length}}", "2"),
                Arguments.of("{{q~gold}}", "What is it?1"),
                Arguments.of("{{'a' * 3}}", "aaa"),
                Arguments.of("{{gold + 1}}", "2"),
                Arguments.of("{{ ['no','yes'][gold] }}", "yes"),
                Arguments.of("{{q|lower|capitalize}}", "What is it?"),
                Arguments.of("{{s}}x", " padded \nx"),
                Arguments.of("{% if gold == 1 and not n %}ok{% elif f %}no{% else %}never{% endif %}", "ok"),
                Arguments.of("{{choices|map('upper')|list}}", "['A CAT', \"A DOG'S\"]"),
                Arguments.of("x\r\ny", "x\ny"),
                Arguments.of("{% with a = q %}{{a}}{% endwith %}", "What is it?"),
                Arguments.of("{{ {'a': 1}['a'] }}", "1"),
                Arguments.of("{{choices|first}} {{choices|last}}", "a cat a dog's"),
                Arguments.of("{{(choices|sort)[0]}}", "a cat"),
                Arguments.of("{{ 'it\\'s' }}", "it's"),
                Arguments.of("{{'a' if false}}|", "|"));
    }

    @ParameterizedTest
    @MethodSource("templates")
    void rendersAsTheHarness(String template, String expected) {
        assertThat(render(template)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{missing}}",
                "{{d.nope}}",
                "{% if missing %}x{% endif %}",
                "{{missing|trim}}",
                "{{missing.a|default('x')}}",
                "{% for x in missing %}{% endfor %}",
                "{{[]|first}}",
                "{{missing ~ 'a'}}",
                "{{missing == 1}}",
                "{{not missing}}",
                "{{choices[7]}}"
            })
    void refusesUndefinedValues(String template) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageStartingWith("task.yaml:7: the template fails for row rows.jsonl:3: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% macro m() %}{% endmacro %}",
                "{% include 'other' %}",
                "{% filter upper %}a{% endfilter %}",
                "{{q|tojson}}",
                "{{q|indent(1000)}}",
                "{{choices|map('replace', 'a', 'b')|list}}",
                "{{'{0}'.format(q)}}",
                "{{q",
                "{% if t %}"
            })
    void refusesSyntaxOutsideOfTheSubset(String template) {
        assertThatThrownBy(() -> TaskTemplate.compile(source(template)))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageStartingWith("task.yaml:7: invalid template: ")
                .hasMessageContaining("\nhint: ");
    }

    @Test
    void addsTheTemplatesLineToTheLineInTheTaskFile() {
        assertThatThrownBy(() -> render("a\nb\n{{missing}}"))
                .hasMessageStartingWith("task.yaml:9: ")
                .hasMessageContaining("'missing' is undefined");
    }

    @Test
    void doesNotExposeItsFunctionsOrTheClock() {
        assertThatThrownBy(() -> render("{{strftime_now('%Y')}}")).hasMessageContaining("'strftime_now' is undefined");
        assertThatThrownBy(() -> render("{{raise_exception('x')}}")).hasMessageContaining("is undefined");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{{ ('a' * 1000)|replace('a', 'b' * 10000) }}",
                "{% for i in range(2000) %}{{ 'a' * 1000 }}{% endfor %}",
                "{{ ('x' * 100000).join(range(1000)|list|map('string')|list) }}"
            })
    void limitsTheCharactersOfARendering(String template) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("characters");
    }

    @Test
    void limitsTheWorkOfARendering() {
        String nested =
                "{% for a in range(9999) %}{% for b in range(9999) %}{% if a == b %}{% endif %}{% endfor %}{% endfor %}";
        assertThatThrownBy(() -> render(nested))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("the template makes more than 67108864 bytes");
    }

    @Test
    void limitsTheReadsOfARegularExpression() {
        assertThatThrownBy(() -> render("{{ ('a' * 60 ~ '!')|regex_replace('(a|aa)+\\\\1b', '') }}"))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("reads more than " + TaskLimits.REGEX_READS);
    }

    @Test
    void limitsTheLengthOfATemplate() {
        String longest = "x".repeat(TaskLimits.TEMPLATE_CHARACTERS);
        assertThat(render(longest)).isEqualTo(longest);
        assertThatThrownBy(() -> render(longest + "x")).hasMessageContaining("more than 65536 characters");
    }

    private static String render(String template) {
        return TaskTemplate.compile(source(template)).render(ROW, "rows.jsonl:3");
    }

    private static YamlText source(String template) {
        return new YamlText(template, "task.yaml", 7);
    }
}

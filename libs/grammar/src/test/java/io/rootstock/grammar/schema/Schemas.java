package io.rootstock.grammar.schema;

import java.util.LinkedHashMap;
import java.util.Map;

/** Schemas like those of clients, which together use every enforced feature. */
final class Schemas {
    static final Map<String, String> ALL = new LinkedHashMap<>();

    static {
        add("anything", "true");
        add("object", "{'type':'object'}");
        add("array", "{'type':'array'}");
        add("string", "{'type':'string'}");
        add("number", "{'type':'number'}");
        add("integer", "{'type':'integer'}");
        add("boolean", "{'type':'boolean'}");
        add("null", "{'type':'null'}");
        add("nullable", "{'type':['string','null'],'maxLength':5}");
        add("several types", "{'type':['integer','boolean','array'],'minimum':3,'maxItems':1}");
        add("person", """
                {'$schema':'https://json-schema.org/draft/2020-12/schema','title':'Person','description':'x','type':'object',
                 'properties':{'name':{'type':'string','minLength':1,'maxLength':20},
                   'age':{'type':'integer','minimum':0,'maximum':150},'born':{'type':'string','format':'date'},
                   'tags':{'type':'array','items':{'type':'string','pattern':'^[a-z]{1,8}$'},'maxItems':3},
                   'address':{'type':'object','properties':{'street':{'type':'string'},'zip':{'type':'string','pattern':'^\\\\d{5}$'}},
                     'required':['zip'],'additionalProperties':false}},
                 'required':['name','age'],'additionalProperties':false}
                """);
        add(
                "optional before required",
                "{'properties':{'a':{'type':'null'},'b':{'type':'null'},'c':{'type':'null'},'d':{'type':'null'}},"
                        + "'required':['b','d']}");
        add("all optional", "{'type':'object','properties':{'a':{'type':'null'},'b':{'type':'null'}}}");
        add(
                "open",
                "{'properties':{'a':{'type':'integer'},'ab':{'const':1}},'required':['a'],"
                        + "'additionalProperties':{'type':'boolean'}}");
        add("open optional", "{'properties':{'a':{'type':'integer'}},'additionalProperties':true}");
        add("map", "{'type':'object','additionalProperties':{'type':'number'},'maxProperties':3,'minProperties':1}");
        add("closed", "{'type':'object','additionalProperties':false}");
        add("required only", "{'type':'object','required':['x','y\\\"z']}");
        add(
                "names",
                "{'type':'object','propertyNames':{'pattern':'^[a-c]+$','maxLength':3},'additionalProperties':{'type':'null'}}");
        add(
                "named by enum",
                "{'type':'object','propertyNames':{'enum':['x','y']},'additionalProperties':{'type':'null'}}");
        add(
                "strange names",
                "{'properties':{'a/b~c':{'type':'null'},'\\\"\\\\\\n€😀':{'type':'null'}},'required':['a/b~c']}");
        add(
                "tuple",
                "{'type':'array','prefixItems':[{'type':'string'},{'type':'integer'}],'items':false,'minItems':2}");
        add(
                "open tuple",
                "{'type':'array','prefixItems':[{'type':'null'}],'items':{'type':'boolean'},'minItems':2,'maxItems':4}");
        add("optional tuple", "{'prefixItems':[{'type':'null'},{'type':'boolean'},{'type':'null'}],'minItems':1}");
        add("three to five", "{'type':'array','items':{'type':'boolean'},'minItems':3,'maxItems':5}");
        add("long list", "{'type':'array','items':{'type':'null'},'minItems':1,'maxItems':2500}");
        add("no items", "{'type':'array','maxItems':0}");
        add("enum", "{'enum':['a','b',1,1.5,null,true,{'k':[1,2]},'\\\"q\\\"','é']}");
        add("enum of type", "{'type':'string','enum':['a',1,'bb','ccc'],'maxLength':2}");
        add("const", "{'const':{'a':[1,'x',null]}}");
        add("anyOf", "{'anyOf':[{'type':'integer','minimum':5},{'type':'string','maxLength':2},{'type':'null'}]}");
        add(
                "oneOf with a tag",
                "{'oneOf':[{'properties':{'kind':{'const':'a'},'x':{'type':'integer'}},'required':['kind','x'],'type':'object'},"
                        + "{'properties':{'kind':{'const':'b'},'y':{'type':'boolean'}},'required':['kind','y'],'type':'object'}]}");
        add(
                "anyOf beside properties",
                "{'type':'object','properties':{'a':{'type':'null'}},'required':['a'],'anyOf':[{'properties':{'b':{'type':'null'}},"
                        + "'required':['b']},{'properties':{'c':{'type':'boolean'}},'required':['c']}]}");
        add(
                "allOf",
                "{'allOf':[{'type':'object','properties':{'a':{'type':'integer'}},'required':['a']},"
                        + "{'properties':{'b':{'type':'string','maxLength':3},'a':{'minimum':10,'maximum':12}},'required':['b']}]}");
        add(
                "allOf of numbers",
                "{'allOf':[{'type':'number','minimum':1},{'maximum':2},{'type':['integer','string']}]}");
        add(
                "allOf closed",
                "{'allOf':[{'properties':{'a':true,'b':{'type':'null'}},'additionalProperties':false,'required':['a']},{'properties':{'a':{'type':'null'},'c':true}}]}");
        add(
                "tree",
                "{'$ref':'#/$defs/node','$defs':{'node':{'type':'object','properties':{'value':{'type':'integer'},"
                        + "'children':{'type':'array','items':{'$ref':'#/$defs/node'},'maxItems':3}},'required':['value'],"
                        + "'additionalProperties':false}}}");
        add(
                "expression",
                "{'definitions':{'e':{'anyOf':[{'type':'integer'},{'type':'object','properties':{'op':{'enum':['+','-']},"
                        + "'l':{'$ref':'#/definitions/e'},'r':{'$ref':'#/definitions/e'}},'required':['op','l','r'],'additionalProperties':false}]}},"
                        + "'$ref':'#/definitions/e'}");
        add(
                "root reference",
                "{'type':'object','properties':{'next':{'anyOf':[{'$ref':'#'},{'type':'null'}]}},'required':['next']}");
        add(
                "reference with siblings",
                "{'$ref':'#/$defs/s','maxLength':4,'$defs':{'s':{'type':'string','minLength':2}}}");
        add("date", "{'type':'string','format':'date'}");
        add("time", "{'type':'string','format':'time'}");
        add("date-time", "{'type':'string','format':'date-time'}");
        add("uuid", "{'type':'string','format':'uuid'}");
        add("hostname", "{'type':'string','format':'hostname'}");
        add("ipv4", "{'type':'string','format':'ipv4'}");
        add("ipv6", "{'type':'string','format':'ipv6'}");
        add("duration", "{'type':'string','format':'duration'}");
        add("pattern", "{'type':'string','pattern':'^(\\\\([0-9]{3}\\\\))?[0-9]{3}-[0-9]{4}$'}");
        add("pattern anywhere", "{'type':'string','pattern':'ab+c'}");
        add("pattern of alternatives", "{'type':'string','pattern':'^a|b$'}");
        add("pattern and length", "{'type':'string','pattern':'^[a-z]+( [a-z]+)*$','minLength':5,'maxLength':12}");
        add(
                "pattern of escapes",
                "{'type':'string','pattern':'^[\\\"\\\\\\\\\\\\n\\\\t/é😀\\\\u0001-\\\\u001f]{1,6}$'}");
        add("pattern of letters", "{'type':'string','pattern':'^\\\\p{Lu}\\\\p{Ll}{1,5}$'}");
        add("two patterns", "{'allOf':[{'type':'string','pattern':'^a'},{'pattern':'z$'}],'maxLength':6}");
        add("lengths", "{'type':'string','minLength':3,'maxLength':5}");
        add("long", "{'type':'string','minLength':1200,'maxLength':3300}");
        add("at least", "{'type':'integer','minimum':17}");
        add("at most", "{'type':'integer','maximum':-13}");
        add("between", "{'type':'integer','minimum':-15,'maximum':1203}");
        add("exclusive", "{'type':'integer','exclusiveMinimum':5,'exclusiveMaximum':8}");
        add("fractional bounds", "{'type':'integer','minimum':1.5,'maximum':3.2}");
        add("multiples", "{'type':'integer','minimum':-100,'maximum':1000,'multipleOf':7}");
        add("probability", "{'type':'number','minimum':0,'maximum':1}");
        add("exclusive number", "{'type':'number','exclusiveMinimum':0,'exclusiveMaximum':0.05}");
        add("number from", "{'type':'number','minimum':-2.75}");
        add("number to", "{'type':'number','maximum':-0.5}");
        add("number around nothing", "{'type':'number','minimum':-1.25,'exclusiveMaximum':12.5}");
        add("cents", "{'type':'number','minimum':0,'multipleOf':0.01}");
        add("whole multiples", "{'type':'number','multipleOf':5,'maximum':100}");
        add("unconstrained type", "{'minLength':2,'maxLength':3,'minimum':1}");
        add(
                "annotations",
                "{'type':'boolean','default':true,'examples':[false],'deprecated':true,'readOnly':true,'x-order':3,'$comment':'c'}");
    }

    private Schemas() {}

    private static void add(String name, String schema) {
        ALL.put(name, schema.replace('\'', '"'));
    }
}

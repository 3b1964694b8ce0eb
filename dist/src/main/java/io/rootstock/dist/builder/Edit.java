package io.rootstock.dist.builder;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A change of a class, which counts what it changed. */
sealed interface Edit {
    /** The place that the edit changes, for a message. */
    String describe();

    /** The change, which adds to the matches. */
    ClassTransform transform(Matches matches);

    private static ClassTransform insertAfter(
            Predicate<CodeElement> place, Matches matches, Consumer<CodeBuilder> code) {
        return ClassTransform.transformingMethodBodies((builder, element) -> {
            builder.with(element);
            if (matches.add(place.test(element))) {
                code.accept(builder);
            }
        });
    }

    /** Number of places that an edit changed. */
    final class Matches {
        private int count;

        int count() {
            return count;
        }

        boolean add(boolean matches) {
            count += matches ? 1 : 0;
            return matches;
        }
    }

    /** Gives a method another body; a native method is then no longer native. */
    record Body(String method, String descriptor, Consumer<CodeBuilder> code) implements Edit {
        @Override
        public String describe() {
            return "method " + method + descriptor;
        }

        @Override
        public ClassTransform transform(Matches matches) {
            return (builder, element) -> {
                if (element instanceof MethodModel model
                        && matches.add(model.methodName().equalsString(method)
                                && model.methodType().equalsString(descriptor))) {
                    builder.withMethodBody(
                            model.methodName(),
                            model.methodType(),
                            model.flags().flagsMask() & ~ClassFile.ACC_NATIVE,
                            code);
                } else {
                    builder.with(element);
                }
            };
        }
    }

    /** Adds code behind each call of a method. */
    record AfterCall(String called, Consumer<CodeBuilder> code) implements Edit {
        @Override
        public String describe() {
            return "call of " + called;
        }

        @Override
        public ClassTransform transform(Matches matches) {
            return insertAfter(
                    element -> element instanceof InvokeInstruction call
                            && call.name().equalsString(called),
                    matches,
                    code);
        }
    }

    /**
     * Replaces calls of a method without arguments by a constant, in the static initializer: other methods become part of
     * executables.
     */
    record Constant(String called, long value) implements Edit {
        @Override
        public String describe() {
            return "call of " + called + " in its static initializer";
        }

        @Override
        public ClassTransform transform(Matches matches) {
            return ClassTransform.transformingMethodBodies(
                    method -> method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME), (builder, element) -> {
                        if (element instanceof InvokeInstruction call
                                && matches.add(call.name().equalsString(called))) {
                            builder.loadConstant(value);
                        } else {
                            builder.with(element);
                        }
                    });
        }
    }

    /**
     * Copies strings with their characters. A copy by the constructor shares them with an interned string, which HotSpot
     * forgets at a garbage collection if nothing else refers to it, and which a constant then shares or not.
     */
    record UnsharedCopies() implements Edit {
        private static final MethodTypeDesc CHARACTERS = MethodTypeDesc.of(ConstantDescs.CD_char.arrayType());
        private static final MethodTypeDesc OF_CHARACTERS =
                MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_char.arrayType());

        @Override
        public String describe() {
            return "copy of a string";
        }

        @Override
        public ClassTransform transform(Matches matches) {
            return ClassTransform.transformingMethodBodies((builder, element) -> {
                if (element instanceof InvokeInstruction call
                        && matches.add(call.owner().asInternalName().equals("java/lang/String")
                                && call.type().equalsString("(Ljava/lang/String;)V"))) {
                    builder.invokevirtual(ConstantDescs.CD_String, "toCharArray", CHARACTERS)
                            .invokespecial(ConstantDescs.CD_String, ConstantDescs.INIT_NAME, OF_CHARACTERS);
                } else {
                    builder.with(element);
                }
            });
        }
    }

    /** Adds code behind each assignment of a field. */
    record AfterAssignment(String field, Consumer<CodeBuilder> code) implements Edit {
        @Override
        public String describe() {
            return "assignment of " + field;
        }

        @Override
        public ClassTransform transform(Matches matches) {
            return insertAfter(
                    element -> element instanceof FieldInstruction access
                            && access.opcode().name().startsWith("PUT")
                            && access.name().equalsString(field),
                    matches,
                    code);
        }
    }

    /** Lets other classes of the package assign a private final field. */
    record Assignable(String field) implements Edit {
        @Override
        public String describe() {
            return "field " + field;
        }

        @Override
        public ClassTransform transform(Matches matches) {
            return (builder, element) -> {
                if (element instanceof FieldModel model
                        && matches.add(model.fieldName().equalsString(field))) {
                    builder.withField(model.fieldName(), model.fieldType(), 0);
                } else {
                    builder.with(element);
                }
            };
        }
    }

    /** Lets a field of a substituted class be zero in executables. */
    record Reset(String field) implements Edit {
        private static final String ANNOTATIONS = "com.oracle.svm.core.annotate";
        private static final ClassDesc RECOMPUTE = ClassDesc.of(ANNOTATIONS + ".RecomputeFieldValue");

        @Override
        public String describe() {
            return "end";
        }

        @Override
        public ClassTransform transform(Matches matches) {
            matches.add(true);
            Annotation alias = Annotation.of(ClassDesc.of(ANNOTATIONS + ".Alias"));
            Annotation reset = Annotation.of(
                    RECOMPUTE, AnnotationElement.of("kind", AnnotationValue.ofEnum(RECOMPUTE.nested("Kind"), "Reset")));
            return ClassTransform.dropping(element -> element instanceof FieldModel model
                            && model.fieldName().equalsString(field))
                    .andThen(ClassTransform.endHandler(builder -> builder.withField(
                            field,
                            ConstantDescs.CD_int,
                            added -> added.withFlags(AccessFlag.PRIVATE)
                                    .with(RuntimeVisibleAnnotationsAttribute.of(alias, reset)))));
        }
    }

    /** Adds a final native method, which other classes of the package can call. */
    record NativeMethod(String method, MethodTypeDesc descriptor) implements Edit {
        @Override
        public String describe() {
            return "end";
        }

        @Override
        public ClassTransform transform(Matches matches) {
            matches.add(true);
            return ClassTransform.endHandler(builder -> builder.withMethod(
                    method, descriptor, AccessFlag.FINAL.mask() | AccessFlag.NATIVE.mask(), _ -> {}));
        }
    }
}

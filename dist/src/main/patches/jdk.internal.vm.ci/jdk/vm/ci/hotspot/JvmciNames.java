package jdk.vm.ci.hotspot;

import java.util.Arrays;
import java.util.Comparator;
import jdk.vm.ci.meta.JavaConstant;
import jdk.vm.ci.meta.ResolvedJavaMethod;

/** Names in place of addresses: the order and the hashes of methods, and the names of hidden classes. */
final class JvmciNames {
    private JvmciNames() {}

    static ResolvedJavaMethod[] sort(ResolvedJavaMethod[] methods) {
        Arrays.sort(methods, new Comparator<ResolvedJavaMethod>() {
            @Override
            public int compare(ResolvedJavaMethod left, ResolvedJavaMethod right) {
                int order = left.getName().compareTo(right.getName());
                return order != 0 ? order : descriptor(left).compareTo(descriptor(right));
            }
        });
        return methods;
    }

    static int hash(HotSpotResolvedJavaMethodImpl method) {
        return (method.getDeclaringClass().hashCode() * 31 + method.getName().hashCode()) * 31
                + method.getSignature().hashCode();
    }

    private static String descriptor(ResolvedJavaMethod method) {
        return method.getSignature().toMethodDescriptor();
    }

    /**
     * @param name {@code Lpkg/Type.0x00007f2c1c0c1000;} for a hidden class
     * @param mirror its {@code java.lang.Class}
     */
    static String of(String name, JavaConstant mirror) {
        if (name.indexOf(".0x") < 0 || !(mirror instanceof HotSpotObjectConstantImpl constant)) {
            return name;
        }
        Class<?> type = constant.asObject(Class.class);
        String stable = type.getName();
        int slash = stable.indexOf('/');
        if (slash < 0) {
            return name;
        }
        String internal = stable.substring(0, slash).replace('.', '/') + "." + stable.substring(slash + 1);
        return type.isArray() ? internal : "L" + internal + ";";
    }
}

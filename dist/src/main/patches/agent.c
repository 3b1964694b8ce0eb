/* An agent that lets native methods be Java methods: the JVM then links its own to those with the prefix native_. */
#include <jvmti.h>

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved) {
    jvmtiEnv *jvmti;
    jvmtiCapabilities capabilities = {.can_set_native_method_prefix = 1};
    (void) options;
    (void) reserved;
    if ((*vm)->GetEnv(vm, (void **) &jvmti, JVMTI_VERSION_1_2) != JNI_OK) {
        return JNI_ERR;
    }
    if ((*jvmti)->AddCapabilities(jvmti, &capabilities) != JVMTI_ERROR_NONE) {
        return JNI_ERR;
    }
    return (*jvmti)->SetNativeMethodPrefix(jvmti, "native_") == JVMTI_ERROR_NONE ? JNI_OK : JNI_ERR;
}

/* A plugin of g++: `#pragma solver finish` instantiates the templates that are pending.

   g++ does so at the end of a program, and before it writes a precompiled header it does not: every
   program that includes the header then does it anew. The pragma stands at the end of the header
   that is precompiled; programs that use the header need no plugin. */

#include "gcc-plugin.h"
#include "plugin-version.h"

#include "cp/cp-tree.h"
#include "c-family/c-pragma.h"

int plugin_is_GPL_compatible;

static void finish(cpp_reader *) { instantiate_pending_templates(0); }

static void add_pragma(void *, void *) { c_register_pragma("solver", "finish", finish); }

int plugin_init(plugin_name_args *info, plugin_gcc_version *version) {
    if (!plugin_default_version_check(version, &gcc_version)) return 1;
    register_callback(info->base_name, PLUGIN_PRAGMAS, add_pragma, nullptr);
    return 0;
}

"""The rules, one file each; adding one is a file, a line here, and a page in ``docs/rules``."""

from __future__ import annotations

from jettison.rewrite.model import Rule
from jettison.rewrite.rules.add_remote_archive import ADD_REMOTE_ARCHIVE
from jettison.rewrite.rules.adds import ADD_ARCHIVE, ADD_CHECKSUM, ADD_NOT_COPY
from jettison.rewrite.rules.apt_lists import APT_LISTS
from jettison.rewrite.rules.apt_recommends import AptRecommends
from jettison.rewrite.rules.apt_update import APT_SPLIT_UPDATE, MORE_THAN_ONE_INSTALL
from jettison.rewrite.rules.base_size import FULL_BASE, ONBUILD_BASE
from jettison.rewrite.rules.binaries import CARGO_RELEASE, GO_STRIP, UPX
from jettison.rewrite.rules.caches_language import (
    CARGO_CACHE,
    COMPOSER_CACHE,
    GEM_NO_DOCUMENT,
    GO_CACHE,
    NPM_CACHE_CLEAN,
    PIP_NO_CACHE,
    PNPM_STORE,
    UV_NO_CACHE,
    YARN_CACHE_CLEAN,
)
from jettison.rewrite.rules.caches_more import (
    BUN_CACHE,
    BUNDLE_CACHE,
    CONDA_CLEAN,
    GRADLE_CACHE,
    MAVEN_CACHE,
    PIPENV_CACHE,
    POETRY_NO_CACHE,
)
from jettison.rewrite.rules.caches_system import (
    APK_NO_CACHE,
    APK_UPDATE,
    DNF_CLEAN,
    MICRODNF_CLEAN,
    YUM_CLEAN,
    ZYPPER_CLEAN,
)
from jettison.rewrite.rules.cleaning import GEM_ROOT, NPM_CACHE_FORCE
from jettison.rewrite.rules.copies import COPY_DIRECTORY, COPY_FROM_UNKNOWN, COPY_RELATIVE, COPY_ROOT
from jettison.rewrite.rules.copy_ignored import COPY_IGNORED
from jettison.rewrite.rules.copy_order import COPY_BEFORE_INSTALL
from jettison.rewrite.rules.dev_dependencies import DEV_DEPENDENCIES
from jettison.rewrite.rules.dockerignore import DOCKERIGNORE
from jettison.rewrite.rules.downloads import (
    CURL_FAIL,
    CURL_LOCATION,
    CURL_PIPE_SHELL,
    PLAIN_HTTP,
    UNCHECKED_CERTIFICATE,
)
from jettison.rewrite.rules.entrypoint_shell import ENTRYPOINT_SHELL
from jettison.rewrite.rules.env_self import ENV_SELF
from jettison.rewrite.rules.exec_form import ExecForm
from jettison.rewrite.rules.expose import EXPOSE_CASE, EXPOSE_FORMAT, PORT_RANGE
from jettison.rewrite.rules.from_args import FROM_ARG_DEFAULT, FROM_ARG_UNDEFINED
from jettison.rewrite.rules.from_platform import FROM_PLATFORM, REDUNDANT_PLATFORM
from jettison.rewrite.rules.from_tag import FROM_TAG, LATEST
from jettison.rewrite.rules.label_value import LABEL_VALUE
from jettison.rewrite.rules.layout import EMPTY_CONTINUATION, INSTRUCTION_CASE
from jettison.rewrite.rules.modes import SETUID, WORLD_WRITABLE
from jettison.rewrite.rules.owner import CHOWN_COPY
from jettison.rewrite.rules.pairs import LABEL_KEY, LEGACY_PAIRS
from jettison.rewrite.rules.pinned_languages import PINNED_GEM, PINNED_GO, PINNED_NPM, PINNED_PIP
from jettison.rewrite.rules.pinned_systems import PINNED_APK, PINNED_APT, PINNED_DNF, PINNED_YUM, PINNED_ZYPPER
from jettison.rewrite.rules.programs import APT_GET, NO_SUDO, USELESS_PROGRAM, USERADD_LOG, WGET_PROGRESS, ZYPPER_DUP
from jettison.rewrite.rules.recursive_chown import RECURSIVE_CHOWN
from jettison.rewrite.rules.removed_later import REMOVED_LATER
from jettison.rewrite.rules.secret_commands import SECRET_COMMAND
from jettison.rewrite.rules.secret_files import SECRET_FILE
from jettison.rewrite.rules.secrets import SECRET_VALUE, SECRET_VARIABLE
from jettison.rewrite.rules.several import MAINTAINER, SEVERAL_CMDS, SEVERAL_ENTRYPOINTS, SEVERAL_HEALTHCHECKS
from jettison.rewrite.rules.shells import CD_WORKDIR, CONSECUTIVE_RUNS, CURL_AND_WGET, PIPE_FAIL, SHELL_LINK
from jettison.rewrite.rules.signatures import CHECKSUM_SPACES, CONFIGURE_BUILD, GPG_BATCH, UNSIGNED_PACKAGES
from jettison.rewrite.rules.single_stage import SINGLE_STAGE
from jettison.rewrite.rules.stage_names import FROM_AS_CASE, STAGE_CASE, STAGE_RESERVED
from jettison.rewrite.rules.temporary import GPG_ASC_RM, MKTEMP_RM, TAR_RM, USR_SRC_RM
from jettison.rewrite.rules.unattended import APT_YES, DNF_YES, YUM_YES, ZYPPER_YES
from jettison.rewrite.rules.undefined_variable import UNDEFINED_VARIABLE
from jettison.rewrite.rules.users import NO_USER, ROOT_USER, USER_NUMBER
from jettison.rewrite.rules.workdir import WORKDIR_ABSOLUTE

RULES: tuple[Rule, ...] = (
    APT_LISTS,
    AptRecommends(),
    ExecForm(),
    FROM_TAG,
    LATEST,
    FROM_PLATFORM,
    REDUNDANT_PLATFORM,
    STAGE_RESERVED,
    STAGE_CASE,
    FROM_AS_CASE,
    FROM_ARG_UNDEFINED,
    FROM_ARG_DEFAULT,
    SEVERAL_CMDS,
    SEVERAL_ENTRYPOINTS,
    SEVERAL_HEALTHCHECKS,
    MAINTAINER,
    WORKDIR_ABSOLUTE,
    ROOT_USER,
    NO_USER,
    USER_NUMBER,
    PORT_RANGE,
    EXPOSE_CASE,
    EXPOSE_FORMAT,
    ENV_SELF,
    LABEL_KEY,
    LEGACY_PAIRS,
    COPY_DIRECTORY,
    COPY_FROM_UNKNOWN,
    COPY_RELATIVE,
    COPY_ROOT,
    ADD_NOT_COPY,
    ADD_CHECKSUM,
    ADD_ARCHIVE,
    PINNED_APT,
    PINNED_APK,
    PINNED_YUM,
    PINNED_DNF,
    PINNED_ZYPPER,
    PINNED_PIP,
    PINNED_NPM,
    PINNED_GEM,
    PINNED_GO,
    APT_YES,
    YUM_YES,
    DNF_YES,
    ZYPPER_YES,
    USELESS_PROGRAM,
    NO_SUDO,
    APT_GET,
    ZYPPER_DUP,
    USERADD_LOG,
    WGET_PROGRESS,
    CD_WORKDIR,
    SHELL_LINK,
    PIPE_FAIL,
    CURL_AND_WGET,
    CONSECUTIVE_RUNS,
    SECRET_VARIABLE,
    SECRET_VALUE,
    SECRET_FILE,
    SECRET_COMMAND,
    WORLD_WRITABLE,
    SETUID,
    CURL_PIPE_SHELL,
    UNCHECKED_CERTIFICATE,
    PLAIN_HTTP,
    CURL_FAIL,
    CURL_LOCATION,
    UNSIGNED_PACKAGES,
    CHECKSUM_SPACES,
    GPG_BATCH,
    CONFIGURE_BUILD,
    ENTRYPOINT_SHELL,
    EMPTY_CONTINUATION,
    INSTRUCTION_CASE,
    UNDEFINED_VARIABLE,
    COPY_IGNORED,
    APK_NO_CACHE,
    APK_UPDATE,
    DNF_CLEAN,
    MICRODNF_CLEAN,
    YUM_CLEAN,
    ZYPPER_CLEAN,
    CARGO_CACHE,
    COMPOSER_CACHE,
    GEM_NO_DOCUMENT,
    GO_CACHE,
    NPM_CACHE_CLEAN,
    PIP_NO_CACHE,
    PNPM_STORE,
    UV_NO_CACHE,
    YARN_CACHE_CLEAN,
    LABEL_VALUE,
    APT_SPLIT_UPDATE,
    MORE_THAN_ONE_INSTALL,
    GPG_ASC_RM,
    MKTEMP_RM,
    TAR_RM,
    USR_SRC_RM,
    GEM_ROOT,
    NPM_CACHE_FORCE,
    DOCKERIGNORE,
    COPY_BEFORE_INSTALL,
    CHOWN_COPY,
    RECURSIVE_CHOWN,
    REMOVED_LATER,
    FULL_BASE,
    ONBUILD_BASE,
    SINGLE_STAGE,
    DEV_DEPENDENCIES,
    CARGO_RELEASE,
    GO_STRIP,
    UPX,
    ADD_REMOTE_ARCHIVE,
    BUNDLE_CACHE,
    BUN_CACHE,
    CONDA_CLEAN,
    GRADLE_CACHE,
    MAVEN_CACHE,
    PIPENV_CACHE,
    POETRY_NO_CACHE,
)

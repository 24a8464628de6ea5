#pragma once

#include <curl/curl.h>

// What a loop around libcurl waits with, and names its thread with: Swift's Glibc module leaves these headers out.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

// The calling thread's name, of which the kernel keeps 15 bytes.
static inline int gateway_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

// CURLVERSION_NOW is a macro that Swift does not see.
static inline const curl_version_info_data *gateway_version_info(void) {
    return curl_version_info(CURLVERSION_NOW);
}

// Swift cannot call variadic functions. One function per type of argument that libcurl's options take.

static inline CURLcode gateway_easy_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode gateway_easy_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode gateway_easy_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode gateway_easy_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode gateway_easy_set_list(CURL *handle, CURLoption option, const struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

// Headers, body in, body out all have this form.
static inline CURLcode gateway_easy_set_transfer(CURL *handle, CURLoption option, curl_write_callback value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode gateway_easy_set_seek(CURL *handle, curl_seek_callback value) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, value);
}

static inline CURLcode gateway_easy_set_open_socket(CURL *handle, curl_opensocket_callback value) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, value);
}

static inline CURLcode gateway_easy_set_close_socket(CURL *handle, curl_closesocket_callback value) {
    return curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, value);
}

static inline CURLcode gateway_easy_set_before_request(CURL *handle, curl_prereq_callback value) {
    return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, value);
}

static inline CURLcode gateway_easy_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode gateway_easy_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode gateway_easy_get_pointer(CURL *handle, CURLINFO info, void **value) {
    return curl_easy_getinfo(handle, info, (char **)value);
}

/// The file of certificate authorities that libcurl was built for; null where it was built for none.
static inline const char *gateway_default_bundle(void) {
    const curl_version_info_data *version = curl_version_info(CURLVERSION_NOW);
    return version->age >= CURLVERSION_SEVENTH ? version->cainfo : NULL;
}

static inline CURLMcode gateway_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

static inline CURLMcode gateway_multi_set_pointer(CURLM *handle, CURLMoption option, void *value) {
    return curl_multi_setopt(handle, option, value);
}

static inline CURLMcode gateway_multi_set_socket(CURLM *handle, curl_socket_callback value) {
    return curl_multi_setopt(handle, CURLMOPT_SOCKETFUNCTION, value);
}

// A message's content is a union, of which only the result is ever read.
static inline CURLcode gateway_message_result(const CURLMsg *message) {
    return message->data.result;
}

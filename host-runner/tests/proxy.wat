;; A proxy-wasm module for tests of the host: its behaviour is the first letter of the configuration.
(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_buffer_bytes" (func $get_buffer (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_set_buffer_bytes" (func $set_buffer (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_close_stream" (func $close (param i32) (result i32)))
  (import "env" "proxy_continue_stream" (func $continue (param i32) (result i32)))
  (import "env" "proxy_set_effective_context" (func $context (param i32) (result i32)))
  (import "env" "proxy_set_tick_period_milliseconds" (func $tick_period (param i32) (result i32)))
  (import "env" "proxy_get_header_map_value" (func $header (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_get_property" (func $property (param i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_send_local_response" (func $respond (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "alert")
  (data (i32.const 80) ":path")
  (data (i32.const 96) "upstream\00port")
  (global $mode (mut i32) (i32.const 0))
  (global $free (mut i32) (i32.const 1024))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_memory_allocate") (param $size i32) (result i32)
    (global.get $free)
    (global.set $free (i32.add (global.get $free) (local.get $size))))
  (func $mode_is (param $letter i32) (result i32) (i32.eq (global.get $mode) (local.get $letter)))
  ;; Logs a status as a letter: a is 0, b is 1.
  (func $say (param $status i32)
    (i32.store8 (i32.const 16) (i32.add (i32.const 97) (local.get $status)))
    (drop (call $log (i32.const 2) (i32.const 16) (i32.const 1))))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (drop (call $get_buffer (i32.const 7) (i32.const 0) (i32.const -1) (i32.const 0) (i32.const 4)))
    (global.set $mode (i32.load8_u (i32.load (i32.const 0))))
    (drop (call $tick_period (i32.const 50)))
    ;; n: no
    (i32.ne (global.get $mode) (i32.const 110)))
  (func (export "proxy_on_new_connection") (param i32) (result i32) (i32.const 0))
  (func (export "proxy_on_downstream_data") (param $id i32) (param $size i32) (param $end i32) (result i32)
    ;; l: loop for ever
    (if (call $mode_is (i32.const 108)) (then (loop $again (br $again))))
    ;; m: take memory until there is no more, then trap
    (if (call $mode_is (i32.const 109))
      (then (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)))
    ;; t: trap
    (if (call $mode_is (i32.const 116)) (then (unreachable)))
    ;; c: close and let pass
    (if (call $mode_is (i32.const 99)) (then (call $say (call $close (i32.const 2)))))
    ;; b: log the buffer; more is asked for than there is, then a start behind the end
    (if (call $mode_is (i32.const 98))
      (then
        (drop (call $get_buffer (i32.const 2) (i32.const 1) (i32.const -1) (i32.const 0) (i32.const 4)))
        (drop (call $log (i32.const 2) (i32.load (i32.const 0)) (i32.load (i32.const 4))))
        (call $say (call $get_buffer (i32.const 2) (i32.const 9) (i32.const 1) (i32.const 0) (i32.const 4)))
        (call $say (call $get_buffer (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 4)))
        (call $say (call $log (i32.const 2) (i32.const -8) (i32.const 16)))))
    ;; g: log a number of the proxy
    (if (call $mode_is (i32.const 103))
      (then
        (call $say (call $property (i32.const 96) (i32.const 13) (i32.const 0) (i32.const 4)))
        (drop (call $log (i32.const 2) (i32.load (i32.const 0)) (i32.load (i32.const 4))))))
    (i32.const 0))
  (func (export "proxy_on_upstream_data") (param $id i32) (param $size i32) (param $end i32) (result i32)
    ;; h: hold until there are 10 bytes
    (if (call $mode_is (i32.const 104)) (then (return (i32.lt_u (local.get $size) (i32.const 10)))))
    ;; a: replace everything by an alert
    (if (call $mode_is (i32.const 97))
      (then (drop (call $set_buffer (i32.const 3) (i32.const 0) (i32.const -1) (i32.const 64) (i32.const 5)))))
    ;; u: hold, and ask to go on, which no proxy can do
    (if (call $mode_is (i32.const 117)) (then (call $say (call $continue (i32.const 3))) (return (i32.const 1))))
    ;; e: an alert and a close in one callback
    (if (call $mode_is (i32.const 101))
      (then
        (drop (call $set_buffer (i32.const 3) (i32.const 0) (i32.const -1) (i32.const 64) (i32.const 5)))
        (drop (call $close (i32.const 2)))))
    (i32.const 0))
  (func (export "proxy_on_downstream_connection_close") (param $id i32) (param $peer i32) (call $say (local.get $peer)))
  (func (export "proxy_on_upstream_connection_close") (param $id i32) (param $peer i32)
    ;; e: as the SDK does when the context is gone
    (if (call $mode_is (i32.const 101)) (then (unreachable))))
  (func (export "proxy_on_tick") (param $id i32)
    (call $say (call $context (i32.const 2)))
    ;; p: the request may go
    (if (call $mode_is (i32.const 112)) (then (drop (call $continue (i32.const 0)))))
    ;; k: the connection ends
    (if (call $mode_is (i32.const 107)) (then (drop (call $close (i32.const 2))))))
  (func (export "proxy_on_request_headers") (param $id i32) (param $count i32) (param $end i32) (result i32)
    ;; r: refuse
    (if (call $mode_is (i32.const 114))
      (then
        (drop (call $respond (i32.const 502) (i32.const 0) (i32.const 0) (i32.const 64) (i32.const 5)
                             (i32.const 0) (i32.const 0) (i32.const -1)))
        (return (i32.const 1))))
    (call $say (call $header (i32.const 0) (i32.const 80) (i32.const 5) (i32.const 0) (i32.const 4)))
    ;; p: pause
    (call $mode_is (i32.const 112)))
  (func (export "proxy_on_request_body") (param $id i32) (param $size i32) (param $end i32) (result i32)
    ;; s: hold until the end
    (i32.and (call $mode_is (i32.const 115)) (i32.eqz (local.get $end))))
  (func (export "proxy_on_response_headers") (param $id i32) (param $count i32) (param $end i32) (result i32)
    ;; The request's headers exist no longer.
    (call $say (call $header (i32.const 0) (i32.const 80) (i32.const 5) (i32.const 0) (i32.const 4)))
    (i32.const 0)))

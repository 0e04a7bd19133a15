// SPDX-License-Identifier: MIT
// The tests, one for each obligation, by section; the files of obligations/ define them.
#pragma once

namespace accel::conform {

class Test;

namespace tests {

// Opening, and what a device reports about itself
void open_again_and_again(Test &test);
void listed(Test &test);
void unknown_name(Test &test);
void works_or_gives_reason(Test &test);
void features_are_true(Test &test);
void caps_are_plausible(Test &test);
void files_close_on_exec(Test &test);
void null_pointers(Test &test);
void null_outputs(Test &test);

// Description
void describe_is_whole(Test &test);
void describe_is_stable(Test &test);
void describe_hash(Test &test);
void describe_tree(Test &test);
void describe_names(Test &test);
void describe_types(Test &test);
void describe_core(Test &test);
void describe_room(Test &test);
void describe_equals_answers(Test &test);

// Messages
void header_size(Test &test);
void header_reserved(Test &test);
void attribute_count(Test &test);
void unknown_object(Test &test);
void unknown_method(Test &test);
void null_attributes(Test &test);
void record_is_optional(Test &test);
void record_sizes(Test &test);
void record_is_untouched_by_success(Test &test);
void record_names_the_cause(Test &test);
void refusal_changes_nothing(Test &test);

// Attributes: each described attribute, with every kind of invalid value
void missing_attribute(Test &test);
void duplicate_attribute(Test &test);
void out_of_range(Test &test);
void not_power_of_two(Test &test);
void unknown_member(Test &test);
void unknown_flag(Test &test);
void empty_value(Test &test);
void too_many_bytes(Test &test);
void attribute_flags(Test &test);
void null_value(Test &test);
void wrong_handles(Test &test);

// Growth
void unknown_optional(Test &test);
void unknown_mandatory(Test &test);
void known_mandatory(Test &test);
void any_order(Test &test);
void longer_header(Test &test);
void shorter_header(Test &test);
void longer_number(Test &test);
void shorter_number(Test &test);
void indirect_number(Test &test);
void output_struct_sizes(Test &test);
void input_struct_sizes(Test &test);
void output_room(Test &test);
void only_what_was_asked(Test &test);
void random_messages(Test &test);

// Lifetimes
void space_in_use(Test &test);
void event_in_use(Test &test);
void buffer_in_use(Test &test);
void space_takes_its_mappings_along(Test &test);
void destroyed_twice(Test &test);
void handle_after_destroy(Test &test);
void handle_of_another_type(Test &test);
void handle_of_another_file(Test &test);
void object_of_another_open(Test &test);
void close_frees_everything(Test &test);
void close_frees_raw_objects(Test &test);
void use_after_close(Test &test);
void failed_create_leaves_nothing(Test &test);
void failed_map_leaves_nothing(Test &test);
void queue_limit(Test &test);
void out_of_files(Test &test);
void queue_out_of_files(Test &test);
void churn_leaves_nothing(Test &test);

// Shared address spaces
void shared_any_pointer(Test &test);
void shared_new_mappings(Test &test);
void shared_read_only_source(Test &test);
void shared_buffer_memory(Test &test);
void shared_has_no_mappings(Test &test);
void pasid_or_reason(Test &test);
void unknown_address_mode(Test &test);

// Mapped address spaces
void map_where_asked(Test &test);
void map_chosen_do_not_overlap(Test &test);
void map_overlap(Test &test);
void map_refusals(Test &test);
void map_one_source(Test &test);
void unmap_is_exact(Test &test);
void map_buffer_ranges(Test &test);
void spaces_are_apart(Test &test);
void many_mappings(Test &test);
void only_what_is_mapped(Test &test);
void permissions(Test &test);
void edges(Test &test);
void faulting_copy_stays_inside(Test &test);
void unmapped_is_gone(Test &test);
void adjacent_mappings(Test &test);
void wrapping_ranges(Test &test);
void unmap_while_busy(Test &test);
void unaligned_mapping(Test &test);

// Buffers
void buffer_is_zeroed(Test &test);
void buffer_sizes(Test &test);
void buffer_of_own_memory(Test &test);
void register_refusals(Test &test);
void access_of_a_buffer(Test &test);
void import_memfd(Test &test);
void import_refusals(Test &test);
void export_and_import(Test &test);
void export_outlives_the_buffer(Test &test);
void export_refusals(Test &test);
void buffer_query(Test &test);

// Queues
void queue_sizes(Test &test);
void queue_bad_sizes(Test &test);
void queue_options_grow(Test &test);
void ring_layout(Test &test);
void ring_modes_as_asked(Test &test);
void full_is_an_answer(Test &test);
void room_after_poll(Test &test);
void many_laps(Test &test);
void batches_of_every_size(Test &test);
void reserved_is_not_published(Test &test);
void queue_counters(Test &test);
void several_producers(Test &test);
void published_out_of_order(Test &test);
void completions_by_phase(Test &test);
void queues_are_independent(Test &test);
void many_queues(Test &test);
void one_posts_one_polls(Test &test);
void spurious_kick(Test &test);

// Waiting
void deadline_has_passed(Test &test);
void deadline_is_absolute(Test &test);
void wait_is_woken(Test &test);
void device_wakes_from_sleep(Test &test);
void wait_does_not_take(Test &test);
void arm_and_poll(Test &test);
void unarmed_is_silent(Test &test);
void arm_without_event(Test &test);
void one_event_many_queues(Test &test);

// Order
void completions_in_order(Test &test);
void fence_orders_data(Test &test);
void fence_waits_for_all(Test &test);
void write_after_read_fence(Test &test);
void published_is_seen(Test &test);
void done_means_written(Test &test);
void overlapping_copy(Test &test);

// Faults
void fault_says_where(Test &test);
void bad_descriptors(Test &test);
void success_has_no_fault(Test &test);
void queue_goes_on(Test &test);
void stop_cancels(Test &test);
void resume_starts_again(Test &test);
void published_before_resume_is_canceled(Test &test);
void flood_of_faults(Test &test);
void random_descriptors(Test &test);

// Commands
void scope_is_enforced(Test &test);
void unknown_scope(Test &test);
void answers_are_stable(Test &test);
void answer_does_not_fit(Test &test);
void unknown_command(Test &test);
void short_requests(Test &test);
void huge_requests(Test &test);
void null_requests(Test &test);
void channels_are_independent(Test &test);

// Destroying busy objects
void destroy_busy_queue(Test &test);
void destroy_leaves_neighbours(Test &test);
void close_busy_device(Test &test);
void close_wakes_waiters(Test &test);
void busy_space_stays(Test &test);
void resume_busy_queue(Test &test);

// Fork
void child_is_refused(Test &test);
void child_objects_are_refused(Test &test);
void ring_of_child_is_shut(Test &test);
void parent_goes_on(Test &test);
void child_cleans_up(Test &test);
void child_exits_normally(Test &test);
void child_opens_its_own(Test &test);
void grandchild_is_refused(Test &test);
void fork_in_the_middle_of_calls(Test &test);

// Threads, clients, processes
void threads_with_queues(Test &test);
void threads_churn(Test &test);
void threads_map_one_space(Test &test);
void threads_open_and_close(Test &test);
void threads_read_and_fail(Test &test);
void many_clients(Test &test);
void clients_do_not_disturb(Test &test);
void many_processes(Test &test);

// Queues behind system calls
void poll_is_prompt(Test &test);
void refused_entries(Test &test);

// Options and answers
void driver_options(Test &test);
void buffer_options(Test &test);
void buffer_flags(Test &test);
void buffer_info(Test &test);
void buffer_sync(Test &test);
void answers_of_every_size(Test &test);
void names_are_stable(Test &test);

// Objects of a closed device
void close_ends_every_wait(Test &test);
void closed_keeps_memory(Test &test);

} // namespace tests
} // namespace accel::conform

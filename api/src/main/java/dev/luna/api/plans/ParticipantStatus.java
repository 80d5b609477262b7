package dev.luna.api.plans;

/** How a person stands to a plan. Who is in it may answer either way at any time, and who declined be invited again. */
enum ParticipantStatus {
    INVITED,
    ACCEPTED,
    DECLINED
}

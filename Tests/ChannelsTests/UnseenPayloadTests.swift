import Testing

/// Bodies of kinds that the shared files have not, each written after its gateway's documentation of 2026, and what must
/// become of them, in the words of `payloads/index.tsv`.
struct UnseenPayloadTests {
    @Test("A body of any other documented kind does what such a body must", arguments: Self.all)
    func payload(payload: Payload) throws { try PayloadTests.check(payload) }

    @Test("The bodies that are written here are many, and of every gateway")
    func many() {
        #expect(Self.all.count >= 60)
        let gateways = Set(Self.all.map(\.gateway))
        #expect(gateways == ["whatsapp", "d360", "telegram", "twilio", "chatwoot", "generic", "mail"])
    }

    /// A message inside what Meta posts.
    private static func cloud(_ message: String) -> String { value(#"{"messages":[\#(message)]}"#) }

    private static func value(_ value: String, field: String = "messages") -> String {
        #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"\#(field)","value":\#(value)}]}]}"#
    }

    static let all = whatsApp + whatsAppValues + dialog360 + telegram + twilio + chatwoot + generic + mail

    private static let whatsApp: [Payload] = [
        Payload(
            "whatsapp", "text_reply", "turn", "5491155501111", "wamid.X", "sí",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"text","text":{"body":"sí"},"context":{"from":"5491100000000","id":"wamid.P"}}"#
            )),
        Payload(
            "whatsapp", "text_of_product", "turn", "5491155501111", "wamid.X", "cuánto es",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"text","text":{"body":"cuánto es"},"context":{"from":"1","id":"w","referred_product":{"catalog_id":"1","product_retailer_id":"2"}}}"#
            )),
        Payload(
            "whatsapp", "text_with_phone_and_user_id", "turn", "5491155501111", "wamid.X", "hola",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","from_user_id":"AR.991","from_parent_user_id":"AR.ENT.9","username":"ana","type":"text","text":{"body":"hola"}}"#
            )),
        Payload(
            "whatsapp", "text_without_phone", "turn", "AR.991", "wamid.X", "hola",
            cloud(
                #"{"from_user_id":"AR.991","id":"wamid.X","timestamp":"1795521600","type":"text","text":{"body":"hola"}}"#
            )),
        Payload(
            "whatsapp", "text_timestamp_number", "turn", "5491155501111", "wamid.X", "hola",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":1795521600,"type":"text","text":{"body":"hola"}}"#)
        ),
        Payload(
            "whatsapp", "text_with_unknown_fields", "turn", "5491155501111", "wamid.X", "hola",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"text","text":{"body":"hola","x":[1]},"recipient_wa_type":null,"y":{}}"#
            )),
        Payload(
            "whatsapp", "text_duplicate_keys", "turn", "5491155501111", "wamid.X", "hola",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"text","type":"text","text":{"body":"hola"}}"#
            )),
        Payload(
            "whatsapp", "button_reply", "turn", "5491155501111", "wamid.X", "Pago hoy",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"hoy#1","title":"Pago hoy"}}}"#
            )),
        Payload(
            "whatsapp", "template_button", "turn", "5491155501111", "wamid.X", "Hablar",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"button","button":{"text":"Hablar","payload":"asesor"}}"#
            )),
        Payload(
            "whatsapp", "template_button_without_payload", "turn", "5491155501111", "wamid.X", "Hablar",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"button","button":{"text":"Hablar"}}"#
            )),
        Payload(
            "whatsapp", "image_caption", "media", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"image","image":{"id":"1","mime_type":"image/jpeg","sha256":"x","caption":"el comprobante"}}"#
            )),
        Payload(
            "whatsapp", "document", "media", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"document","document":{"id":"1","filename":"comprobante.pdf","mime_type":"application/pdf"}}"#
            )),
        Payload(
            "whatsapp", "contacts", "media", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"contacts","contacts":[{"name":{"formatted_name":"Ana"},"phones":[{"phone":"+54","wa_id":"54"}]}]}"#
            )),
        Payload(
            "whatsapp", "sticker_animated", "media", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"sticker","sticker":{"id":"1","animated":true}}"#
            )),
        Payload(
            "whatsapp", "location", "media", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"location","location":{"latitude":-34.6,"longitude":-58.4,"name":"Casa"}}"#
            )),
        Payload(
            "whatsapp", "order", "media", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"order","order":{"catalog_id":"1","product_items":[]}}"#
            )),
        Payload(
            "whatsapp", "unsupported_poll", "media", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"unsupported","unsupported":{"type":"poll_creation"},"errors":[{"code":131051,"title":"Message type unknown"}]}"#
            )),
        Payload(
            "whatsapp", "unsupported_gif", "media", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"unsupported","unsupported":{"type":"gif"},"errors":[{"code":131051}]}"#
            )),
        Payload(
            "whatsapp", "unsupported_vote", "ignore", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"unsupported","unsupported":{"type":"poll_update"},"errors":[{"code":131051}]}"#
            )),
        Payload(
            "whatsapp", "unsupported_unsaid", "ignore", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"unsupported","errors":[{"code":131051,"title":"Unsupported message type"}]}"#
            )),
        Payload(
            "whatsapp", "unavailable", "ignore", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"unsupported","unsupported":{"type":"errors"},"errors":[{"code":131060,"title":"This message is currently unavailable."}]}"#
            )),
        Payload(
            "whatsapp", "flow_reply", "ignore", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{}"}}}"#
            )),
        Payload(
            "whatsapp", "call_permission", "ignore", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"reject"}}}"#
            )),
        Payload(
            "whatsapp", "reaction_without_sender", "ignore", "", "wamid.X", "",
            cloud(
                #"{"id":"wamid.X","timestamp":"1795521600","type":"reaction","reaction":{"message_id":"w","emoji":"👍"}}"#
            )),
        Payload(
            "whatsapp", "welcome", "ignore", "5491155501111", "wamid.X", "",
            cloud(#"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"request_welcome"}"#)),
        Payload(
            "whatsapp", "ephemeral", "ignore", "5491155501111", "wamid.X", "",
            cloud(#"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"ephemeral"}"#)),
        Payload(
            "whatsapp", "edited", "ignore", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"edit","edit":{"original_message_id":"w","message":{"type":"text","text":{"body":"no"}}}}"#
            )),
        Payload(
            "whatsapp", "revoked", "ignore", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"revoke","revoke":{"original_message_id":"w"}}"#
            )),
        Payload(
            "whatsapp", "kind_of_tomorrow", "ignore", "5491155501111", "wamid.X", "",
            cloud(#"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"hologram","hologram":{}}"#)),
        Payload(
            "whatsapp", "group_text", "ignore", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","group_id":"g1","type":"text","text":{"body":"hola"}}"#
            )),
        Payload(
            "whatsapp", "identity_changed", "ignore", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"system","system":{"type":"user_identity_changed","body":"x","identity":"h"}}"#
            )),
        Payload(
            "whatsapp", "number_changed_old_form", "ignore", "5491155501111", "wamid.X", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"system","system":{"type":"customer_changed_number","new_wa_id":"5491155502222","customer":"5491155501111"}}"#
            )),
        Payload(
            "whatsapp", "user_id_changed", "ignore", "", "wamid.X", "",
            cloud(
                #"{"id":"wamid.X","timestamp":"1795521600","type":"system","system":{"type":"user_changed_user_id","previous_user_id":"AR.1","user_id":"AR.2"}}"#
            )),
        Payload(
            "whatsapp", "system_without_sender", "ignore", "", "wamid.X", "",
            cloud(#"{"id":"wamid.X","timestamp":"1795521600","type":"system","system":{"type":"other"}}"#)),
        Payload(
            "whatsapp", "text_without_id", "reject", "", "", "",
            cloud(#"{"from":"5491155501111","timestamp":"1795521600","type":"text","text":{"body":"hola"}}"#)),
        Payload(
            "whatsapp", "text_body_number", "reject", "", "", "",
            cloud(#"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"text","text":{"body":7}}"#)),
        Payload(
            "whatsapp", "text_empty", "reject", "", "", "",
            cloud(#"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"text","text":{"body":""}}"#)
        ),
        Payload(
            "whatsapp", "text_from_number", "reject", "", "", "",
            cloud(
                #"{"from":5491155501111,"id":"wamid.X","timestamp":"1795521600","type":"text","text":{"body":"hola"}}"#)
        ),
        Payload(
            "whatsapp", "interactive_without_kind", "reject", "", "", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"interactive","interactive":{}}"#
            )),
        Payload(
            "whatsapp", "list_reply_without_title", "reject", "", "", "",
            cloud(
                #"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"1"}}}"#
            )),
        Payload(
            "whatsapp", "type_null", "reject", "", "", "",
            cloud(#"{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":null}"#)),
    ]

    private static let whatsAppValues: [Payload] = [
        Payload(
            "whatsapp", "status_delivered", "status", "5491155501111", "wamid.O", "",
            value(
                #"{"statuses":[{"id":"wamid.O","status":"delivered","timestamp":"1795521600","recipient_id":"5491155501111","conversation":{"id":"c","origin":{"type":"utility"}}}]}"#
            )),
        Payload(
            "whatsapp", "status_of_a_user_id", "status", "5491155501111", "wamid.O", "",
            value(
                #"{"statuses":[{"id":"wamid.O","status":"read","timestamp":"1795521600","recipient_user_id":"AR.1"}]}"#)
        ),
        Payload(
            "whatsapp", "status_played", "status", "5491155501111", "wamid.O", "",
            value(#"{"statuses":[{"id":"wamid.O","status":"played","timestamp":"1795521600"}]}"#)),
        Payload(
            "whatsapp", "status_failed_code_text", "status", "5491155501111", "wamid.O", "",
            value(#"{"statuses":[{"id":"wamid.O","status":"failed","errors":[null,{"code":"131049","title":"x"}]}]}"#)),
        Payload(
            "whatsapp", "status_failed_without_reason", "status", "5491155501111", "wamid.O", "",
            value(#"{"statuses":[{"id":"wamid.O","status":"failed","errors":{}}]}"#)),
        Payload(
            "whatsapp", "status_deleted", "ignore", "5491155501111", "wamid.O", "",
            value(#"{"statuses":[{"id":"wamid.O","status":"deleted"}]}"#)),
        Payload(
            "whatsapp", "status_warning", "ignore", "5491155501111", "wamid.O", "",
            value(#"{"statuses":[{"id":"wamid.O","status":"warning"}]}"#)),
        Payload(
            "whatsapp", "status_without_id", "reject", "", "", "",
            value(#"{"statuses":[{"status":"sent"}]}"#)),
        Payload(
            "whatsapp", "errors_alone", "ignore", "", "", "",
            value(#"{"errors":[{"code":130429,"title":"Rate limit hit"}]}"#)),
        Payload(
            "whatsapp", "errors_beside_a_text", "turn", "5491155501111", "wamid.X", "hola",
            value(
                #"{"errors":[{"code":1}],"messages":[{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"text","text":{"body":"hola"}}]}"#
            )),
        Payload(
            "whatsapp", "text_beside_what_cannot_be_read", "turn", "5491155501111", "wamid.X", "hola",
            value(
                #"{"messages":[null,7,{"type":{}},{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"hologram"},{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"text","text":{"body":"hola"}}],"statuses":"x"}"#
            )),
        Payload(
            "whatsapp", "echo_text", "human", "5491100000000", "wamid.E", "Hola, soy Ana",
            value(
                #"{"message_echoes":[{"from":"5491100000000","to":"5491155501111","id":"wamid.E","timestamp":"1795521600","type":"text","text":{"body":"Hola, soy Ana"}}]}"#,
                field: "smb_message_echoes")),
        Payload(
            "whatsapp", "echo_to_a_user_id", "human", "5491100000000", "wamid.E", "",
            value(
                #"{"message_echoes":[{"from":"5491100000000","to_user_id":"AR.1","id":"wamid.E","timestamp":"1795521600","type":"audio","audio":{"id":"1"}}]}"#,
                field: "smb_message_echoes")),
        Payload(
            "whatsapp", "echo_without_to", "reject", "", "", "",
            value(
                #"{"message_echoes":[{"from":"5491100000000","id":"wamid.E","type":"text"}]}"#,
                field: "smb_message_echoes")),
        Payload(
            "whatsapp", "nothing", "ignore", "", "", "",
            value(#"{}"#)),
        Payload(
            "whatsapp", "field_history", "ignore", "", "", "",
            value(#"{"messages":[{"type":"text"}]}"#, field: "history")),
        Payload(
            "whatsapp", "field_smb_app_state_sync", "ignore", "", "", "",
            value(#"{}"#, field: "smb_app_state_sync")),
        Payload(
            "whatsapp", "field_standby", "ignore", "", "", "",
            value(#"{"messages":[{"type":"text"}]}"#, field: "standby")),
        Payload(
            "whatsapp", "field_account_alerts", "ignore", "", "", "",
            value(#"{}"#, field: "account_alerts")),
        Payload(
            "whatsapp", "field_account_review_update", "ignore", "", "", "",
            value(#"{}"#, field: "account_review_update")),
        Payload(
            "whatsapp", "field_business_capability_update", "ignore", "", "", "",
            value(#"{}"#, field: "business_capability_update")),
        Payload(
            "whatsapp", "field_security", "ignore", "", "", "",
            value(#"{}"#, field: "security")),
        Payload(
            "whatsapp", "field_flows", "ignore", "", "", "",
            value(#"{}"#, field: "flows")),
        Payload(
            "whatsapp", "field_phone_number_quality_update", "ignore", "", "", "",
            value(#"{}"#, field: "phone_number_quality_update")),
        Payload(
            "whatsapp", "field_template_category_update", "ignore", "", "", "",
            value(#"{}"#, field: "template_category_update")),
        Payload(
            "whatsapp", "field_payment_configuration_update", "ignore", "", "", "",
            value(#"{}"#, field: "payment_configuration_update")),
        Payload(
            "whatsapp", "field_group_participants_update", "ignore", "", "", "",
            value(#"{}"#, field: "group_participants_update")),
        Payload(
            "whatsapp", "field_field_of_tomorrow", "ignore", "", "", "",
            value(#"{}"#, field: "field_of_tomorrow")),
        Payload(
            "whatsapp", "no_entries", "ignore", "", "", "",
            #"{"object":"whatsapp_business_account","entry":[]}"#),
        Payload(
            "whatsapp", "no_changes", "ignore", "", "", "",
            #"{"entry":[{"id":"1","changes":[]}]}"#),
        Payload(
            "whatsapp", "entry_null", "reject", "", "", "",
            #"{"entry":null}"#),
        Payload(
            "whatsapp", "entry_of_numbers", "reject", "", "", "",
            #"{"entry":[1,2]}"#),
        Payload(
            "whatsapp", "changes_null", "reject", "", "", "",
            #"{"entry":[{"changes":null}]}"#),
        Payload(
            "whatsapp", "value_null", "reject", "", "", "",
            #"{"entry":[{"changes":[{"field":"messages","value":null}]}]}"#),
        Payload(
            "whatsapp", "good_entry_beside_bad", "turn", "5491155501111", "wamid.X", "hola",
            #"{"entry":[7,{"changes":[{"field":"messages","value":{"messages":[{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"text","text":{"body":"hola"}}]}}]}]}"#
        ),
        Payload(
            "whatsapp", "two_numbers", "turn", "5491155501111", "wamid.X", "hola",
            #"{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"statuses":[]}},{"field":"messages","value":{"metadata":{"phone_number_id":"2"},"messages":[{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"text","text":{"body":"hola"}}]}}]}]}"#
        ),
    ]

    private static let dialog360: [Payload] = [
        Payload(
            "d360", "onpremise_image", "media", "5491155501111", "wamid.X", "",
            #"{"contacts":[],"messages":[{"from":"5491155501111","id":"wamid.X","timestamp":"1795521600","type":"image","image":{"id":"1"}}]}"#
        ),
        Payload(
            "d360", "onpremise_status", "status", "5491155501111", "gB", "",
            #"{"statuses":[{"id":"gB","status":"read","timestamp":"1795521600"}]}"#),
        Payload(
            "d360", "onpremise_errors", "ignore", "", "", "",
            #"{"errors":[{"code":1000,"title":"x"}]}"#),
        Payload(
            "d360", "neither", "reject", "", "", "",
            #"{"hello":"world"}"#),
    ]

    private static let telegram: [Payload] = [
        Payload(
            "telegram", "start", "turn", "7001", "9", "/start ana",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"text":"/start ana","entities":[{"type":"bot_command","offset":0,"length":6}]}}"#
        ),
        Payload(
            "telegram", "reply", "turn", "7001", "9", "dale",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"text":"dale","reply_to_message":{"message_id":1}}}"#
        ),
        Payload(
            "telegram", "quote", "turn", "7001", "9", "dale",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"text":"dale","quote":{"text":"x","position":0}}}"#
        ),
        Payload(
            "telegram", "via_another_bot", "turn", "7001", "9", "dale",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"text":"dale","via_bot":{"id":1,"is_bot":true}}}"#
        ),
        Payload(
            "telegram", "own_contact", "turn", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"contact":{"phone_number":"5491155501111","user_id":7001}}}"#
        ),
        Payload(
            "telegram", "venue", "media", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"venue":{"title":"x"}}}"#
        ),
        Payload(
            "telegram", "dice", "media", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"dice":{"value":3}}}"#
        ),
        Payload(
            "telegram", "video_note", "media", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"video_note":{"file_id":"1"}}}"#
        ),
        Payload(
            "telegram", "sticker", "media", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"sticker":{"file_id":"1"}}}"#
        ),
        Payload(
            "telegram", "paid_media", "media", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"paid_media":{"star_count":1}}}"#
        ),
        Payload(
            "telegram", "story", "media", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"story":{"id":1}}}"#
        ),
        Payload(
            "telegram", "voice", "media", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"voice":{"file_id":"1"}}}"#
        ),
        Payload(
            "telegram", "web_app_data", "ignore", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"web_app_data":{"data":"x"}}}"#
        ),
        Payload(
            "telegram", "successful_payment", "ignore", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"successful_payment":{"currency":"ARS"}}}"#
        ),
        Payload(
            "telegram", "users_shared", "ignore", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"users_shared":{"request_id":1}}}"#
        ),
        Payload(
            "telegram", "write_access_allowed", "ignore", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"write_access_allowed":{}}}"#
        ),
        Payload(
            "telegram", "giveaway", "ignore", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"giveaway":{}}}"#
        ),
        Payload(
            "telegram", "gift", "ignore", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"gift":{}}}"#
        ),
        Payload(
            "telegram", "forum_topic_created", "ignore", "7001", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"forum_topic_created":{}}}"#
        ),
        Payload(
            "telegram", "text_of_a_bot", "ignore", "7", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7,"is_bot":true},"chat":{"id":7,"type":"private"},"date":1795521600,"text":"x"}}"#
        ),
        Payload(
            "telegram", "group", "ignore", "7", "9", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7},"chat":{"id":-100,"type":"group"},"date":1795521600,"text":"x"}}"#
        ),
        Payload(
            "telegram", "edited_message", "ignore", "", "9", "",
            #"{"update_id":9,"edited_message":{"id":"1","from":{"id":7001},"chat":{"id":7001,"type":"private"},"text":"x"}}"#
        ),
        Payload(
            "telegram", "business_message", "ignore", "", "9", "",
            #"{"update_id":9,"business_message":{"id":"1","from":{"id":7001},"chat":{"id":7001,"type":"private"},"text":"x"}}"#
        ),
        Payload(
            "telegram", "channel_post", "ignore", "", "9", "",
            #"{"update_id":9,"channel_post":{"id":"1","from":{"id":7001},"chat":{"id":7001,"type":"private"},"text":"x"}}"#
        ),
        Payload(
            "telegram", "inline_query", "ignore", "", "9", "",
            #"{"update_id":9,"inline_query":{"id":"1","from":{"id":7001},"chat":{"id":7001,"type":"private"},"text":"x"}}"#
        ),
        Payload(
            "telegram", "chosen_inline_result", "ignore", "", "9", "",
            #"{"update_id":9,"chosen_inline_result":{"id":"1","from":{"id":7001},"chat":{"id":7001,"type":"private"},"text":"x"}}"#
        ),
        Payload(
            "telegram", "shipping_query", "ignore", "", "9", "",
            #"{"update_id":9,"shipping_query":{"id":"1","from":{"id":7001},"chat":{"id":7001,"type":"private"},"text":"x"}}"#
        ),
        Payload(
            "telegram", "purchased_paid_media", "ignore", "", "9", "",
            #"{"update_id":9,"purchased_paid_media":{"id":"1","from":{"id":7001},"chat":{"id":7001,"type":"private"},"text":"x"}}"#
        ),
        Payload(
            "telegram", "message_reaction", "ignore", "", "9", "",
            #"{"update_id":9,"message_reaction":{"id":"1","from":{"id":7001},"chat":{"id":7001,"type":"private"},"text":"x"}}"#
        ),
        Payload(
            "telegram", "chat_join_request", "ignore", "", "9", "",
            #"{"update_id":9,"chat_join_request":{"id":"1","from":{"id":7001},"chat":{"id":7001,"type":"private"},"text":"x"}}"#
        ),
        Payload(
            "telegram", "managed_bot_update", "ignore", "", "9", "",
            #"{"update_id":9,"managed_bot_update":{"id":"1","from":{"id":7001},"chat":{"id":7001,"type":"private"},"text":"x"}}"#
        ),
        Payload(
            "telegram", "blocked", "ignore", "7001", "9", "",
            #"{"update_id":9,"my_chat_member":{"chat":{"id":7001,"type":"private"},"from":{"id":7001},"date":1795521600,"new_chat_member":{"status":"kicked"}}}"#
        ),
        Payload(
            "telegram", "tap_on_an_old_message", "turn", "7001", "9", "si#1",
            #"{"update_id":9,"callback_query":{"id":"q","from":{"id":7001},"data":"si#1","message":{"message_id":3,"chat":{"id":7001,"type":"private"},"date":0}}}"#
        ),
        Payload(
            "telegram", "tap_in_a_group", "ignore", "7001", "9", "",
            #"{"update_id":9,"callback_query":{"id":"q","from":{"id":7001},"data":"si#1","message":{"message_id":3,"chat":{"id":-1,"type":"supergroup"},"date":0}}}"#
        ),
        Payload(
            "telegram", "tap_on_an_inline_message", "ignore", "7001", "9", "",
            #"{"update_id":9,"callback_query":{"id":"q","from":{"id":7001},"inline_message_id":"x","data":"si#1"}}"#),
        Payload(
            "telegram", "game", "ignore", "7001", "9", "",
            #"{"update_id":9,"callback_query":{"id":"q","from":{"id":7001},"game_short_name":"x"}}"#),
        Payload(
            "telegram", "no_update_id", "reject", "", "", "",
            #"{"message":{}}"#),
        Payload(
            "telegram", "update_id_text", "reject", "", "", "",
            #"{"update_id":"9","message":{}}"#),
        Payload(
            "telegram", "text_without_date", "reject", "", "", "",
            #"{"update_id":9,"message":{"from":{"id":1},"chat":{"id":1,"type":"private"},"text":"x"}}"#),
        Payload(
            "telegram", "text_a_list", "reject", "", "", "",
            #"{"update_id":9,"message":{"message_id":3,"from":{"id":7001,"is_bot":false},"chat":{"id":7001,"type":"private"},"date":1795521600,"text":["x"]}}"#
        ),
        Payload(
            "telegram", "message_null", "reject", "", "", "",
            #"{"update_id":9,"message":null}"#),
    ]

    private static let twilio: [Payload] = [
        Payload(
            "twilio", "whatsapp_text", "turn", "+5491155501111", "SM1", "hola",
            #"MessageSid=SM1&From=whatsapp%3A%2B5491155501111&To=whatsapp%3A%2B541150000000&NumMedia=0&Body=hola&ProfileName=Ana&WaId=5491155501111&MessageType=text"#
        ),
        Payload(
            "twilio", "whatsapp_user_id", "turn", "AR.991", "SM1", "hola",
            #"MessageSid=SM1&From=whatsapp%3AAR.991&To=whatsapp%3A%2B541150000000&Body=hola"#),
        Payload(
            "twilio", "whatsapp_list", "turn", "+5491155501111", "SM1", "En cuotas",
            #"MessageSid=SM1&From=whatsapp%3A%2B5491155501111&To=whatsapp%3A%2B541150000000&NumMedia=0&Body=En+cuotas&MessageType=interactive&ListId=cuotas%231&ListTitle=En+cuotas"#
        ),
        Payload(
            "twilio", "whatsapp_quick_reply", "turn", "+5491155501111", "SM1", "Sí",
            #"MessageSid=SM1&From=whatsapp%3A%2B5491155501111&To=whatsapp%3A%2B541150000000&NumMedia=0&Body=S%C3%AD&MessageType=button&ButtonText=S%C3%AD&ButtonPayload=si%231"#
        ),
        Payload(
            "twilio", "whatsapp_document", "media", "+5491155501111", "SM1", "",
            #"MessageSid=SM1&From=whatsapp%3A%2B5491155501111&To=whatsapp%3A%2B541150000000&NumMedia=1&MediaContentType0=application%2Fpdf&MediaUrl0=https%3A%2F%2Fx&Body="#
        ),
        Payload(
            "twilio", "whatsapp_audio", "media", "+5491155501111", "SM1", "",
            #"MessageSid=SM1&From=whatsapp%3A%2B5491155501111&To=whatsapp%3A%2B541150000000&NumMedia=1&MediaContentType0=audio%2Fogg&MessageType=audio"#
        ),
        Payload(
            "twilio", "whatsapp_contacts", "media", "+5491155501111", "SM1", "",
            #"MessageSid=SM1&From=whatsapp%3A%2B5491155501111&To=whatsapp%3A%2B541150000000&NumMedia=0&MessageType=contacts"#
        ),
        Payload(
            "twilio", "whatsapp_reaction", "ignore", "+5491155501111", "SM1", "",
            #"MessageSid=SM1&From=whatsapp%3A%2B5491155501111&To=whatsapp%3A%2B541150000000&NumMedia=0&Body=%F0%9F%91%8D&MessageType=reaction"#
        ),
        Payload(
            "twilio", "mms", "media", "+5491155501111", "SM1", "",
            #"MessageSid=SM1&From=%2B5491155501111&To=%2B541150000000&NumMedia=2&MediaContentType0=image%2Fjpeg&MediaContentType1=image%2Fpng&Body=mir%C3%A1"#
        ),
        Payload(
            "twilio", "sms_opt_out_type", "turn", "+5491155501111", "SM1", "BAJA",
            #"MessageSid=SM1&From=%2B5491155501111&To=%2B541150000000&Body=BAJA&OptOutType=STOP"#),
        Payload(
            "twilio", "sms_old_form", "turn", "+5491155501111", "SM1", "hola",
            #"SmsSid=SM1&SmsStatus=received&From=%2B5491155501111&To=%2B541150000000&Body=hola"#),
        Payload(
            "twilio", "sms_segments", "turn", "+5491155501111", "SM1", "hola",
            #"MessageSid=SM1&From=%2B5491155501111&To=%2B541150000000&Body=hola&NumSegments=3&MessagingServiceSid=MG1"#),
        Payload(
            "twilio", "sms_empty", "ignore", "+5491155501111", "SM1", "",
            #"MessageSid=SM1&From=%2B5491155501111&To=%2B541150000000&Body="#),
        Payload(
            "twilio", "status_accepted", "ignore", "", "SM1", "",
            #"MessageSid=SM1&MessageStatus=accepted"#),
        Payload(
            "twilio", "status_queued", "ignore", "", "SM1", "",
            #"MessageSid=SM1&MessageStatus=queued"#),
        Payload(
            "twilio", "status_sending", "ignore", "", "SM1", "",
            #"MessageSid=SM1&MessageStatus=sending"#),
        Payload(
            "twilio", "status_scheduled", "ignore", "", "SM1", "",
            #"MessageSid=SM1&MessageStatus=scheduled"#),
        Payload(
            "twilio", "status_canceled", "ignore", "", "SM1", "",
            #"MessageSid=SM1&MessageStatus=canceled"#),
        Payload(
            "twilio", "status_sent", "status", "", "SM1", "",
            #"MessageSid=SM1&MessageStatus=sent&ErrorCode=30008&To=%2B1&From=%2B2"#),
        Payload(
            "twilio", "status_delivered", "status", "", "SM1", "",
            #"MessageSid=SM1&MessageStatus=delivered&ErrorCode=30008&To=%2B1&From=%2B2"#),
        Payload(
            "twilio", "status_read", "status", "", "SM1", "",
            #"MessageSid=SM1&MessageStatus=read&ErrorCode=30008&To=%2B1&From=%2B2"#),
        Payload(
            "twilio", "status_failed", "status", "", "SM1", "",
            #"MessageSid=SM1&MessageStatus=failed&ErrorCode=30008&To=%2B1&From=%2B2"#),
        Payload(
            "twilio", "status_undelivered", "status", "", "SM1", "",
            #"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30008&To=%2B1&From=%2B2"#),
        Payload(
            "twilio", "rcs", "reject", "", "", "",
            #"MessageSid=SM1&From=rcs%3Ax&To=rcs%3Ay&Body=hola"#),
        Payload(
            "twilio", "no_to", "reject", "", "", "",
            #"MessageSid=SM1&From=%2B1&Body=hola"#),
        Payload(
            "twilio", "call_rings", "turn", "+5491155501111", "CA1", "",
            #"CallSid=CA1&From=%2B5491155501111&To=%2B541150000000&CallStatus=ringing&Direction=inbound"#),
        Payload(
            "twilio", "call_speech", "turn", "+5491155501111", "CA1", "el viernes",
            #"CallSid=CA1&From=%2B5491155501111&To=%2B541150000000&CallStatus=in-progress&SpeechResult=el+viernes&Confidence=0.91"#
        ),
        Payload(
            "twilio", "call_keys_with_star", "turn", "+5491155501111", "CA1", "12",
            #"CallSid=CA1&From=%2B5491155501111&To=%2B541150000000&CallStatus=in-progress&Digits=1*2%23"#),
        Payload(
            "twilio", "call_that_we_placed", "turn", "+5491155501111", "CA1", "",
            #"CallSid=CA1&To=%2B5491155501111&From=%2B541150000000&CallStatus=in-progress&Direction=outbound-api&AnsweredBy=human"#
        ),
        Payload(
            "twilio", "call_hardly_understood", "turn", "+5491155501111", "CA1", "el viernes",
            #"CallSid=CA1&From=%2B5491155501111&To=%2B541150000000&CallStatus=in-progress&SpeechResult=el+viernes&Confidence=0.21"#
        ),
        Payload(
            "twilio", "call_keys_beside_noise", "turn", "+5491155501111", "CA1", "137",
            #"CallSid=CA1&From=%2B5491155501111&To=%2B541150000000&CallStatus=in-progress&SpeechResult=eh&Confidence=0.1&Digits=137"#
        ),
        Payload(
            "twilio", "call_recording", "ignore", "", "CA1", "",
            #"CallSid=CA1&RecordingSid=RE1&RecordingStatus=completed&RecordingUrl=https%3A%2F%2Fx"#),
        Payload(
            "twilio", "call_fax", "ignore", "", "CA1", "",
            #"CallSid=CA1&To=%2B5491155501111&From=%2B541150000000&CallStatus=in-progress&Direction=outbound-api&AnsweredBy=fax"#
        ),
        Payload(
            "twilio", "whatsapp_flow", "ignore", "", "SM1", "",
            #"MessageSid=SM1&From=whatsapp%3A%2B5491155501111&To=whatsapp%3A%2B541150000000&MessageType=interactive&InteractiveData=%7B%7D&Body="#
        ),
        Payload(
            "twilio", "whatsapp_button_without_payload", "turn", "+5491155501111", "SM1", "Pago hoy",
            #"MessageSid=SM1&From=whatsapp%3A%2B5491155501111&To=whatsapp%3A%2B541150000000&MessageType=button&ButtonText=Pago+hoy&Body=Pago+hoy"#
        ),
        Payload(
            "twilio", "sms_opt_in_type", "turn", "+5491155501111", "SM1", "START",
            #"MessageSid=SM1&From=%2B5491155501111&To=%2B541150000000&Body=START&OptOutType=START"#),
        Payload(
            "twilio", "status_opted_out", "status", "", "SM1", "",
            #"MessageSid=SM1&MessageStatus=failed&ErrorCode=21610"#),
        Payload(
            "twilio", "messenger", "reject", "", "", "",
            #"MessageSid=SM1&From=messenger%3A1&To=messenger%3A2&Body=hola"#),
        Payload(
            "twilio", "call_completed", "ignore", "", "CA1", "",
            #"CallSid=CA1&From=%2B5491155501111&To=%2B541150000000&CallStatus=completed"#),
        Payload(
            "twilio", "call_busy", "ignore", "", "CA1", "",
            #"CallSid=CA1&From=%2B5491155501111&To=%2B541150000000&CallStatus=busy"#),
        Payload(
            "twilio", "call_no-answer", "ignore", "", "CA1", "",
            #"CallSid=CA1&From=%2B5491155501111&To=%2B541150000000&CallStatus=no-answer"#),
        Payload(
            "twilio", "call_failed", "ignore", "", "CA1", "",
            #"CallSid=CA1&From=%2B5491155501111&To=%2B541150000000&CallStatus=failed"#),
        Payload(
            "twilio", "call_canceled", "ignore", "", "CA1", "",
            #"CallSid=CA1&From=%2B5491155501111&To=%2B541150000000&CallStatus=canceled"#),
        Payload(
            "twilio", "call_answering_machine", "ignore", "", "CA1", "",
            #"CallSid=CA1&To=%2B5491155501111&From=%2B541150000000&CallStatus=in-progress&Direction=outbound-api&AnsweredBy=machine_start"#
        ),
        Payload(
            "twilio", "call_without_from", "reject", "", "", "",
            #"CallSid=CA1&CallStatus=ringing"#),
    ]

    private static let chatwoot: [Payload] = [
        Payload(
            "chatwoot", "text", "turn", "", "31", "hola",
            #"{"event":"message_created","id":31,"account":{"id":1},"private":false,"content":"hola","message_type":"incoming","sender":{"id":5,"type":"contact"},"conversation":{"id":88,"status":"pending"}}"#
        ),
        Payload(
            "chatwoot", "text_kind_number", "turn", "", "31", "hola",
            #"{"event":"message_created","id":31,"account":{"id":1},"private":false,"content":"hola","message_type":0,"conversation":{"id":88,"status":"pending"}}"#
        ),
        Payload(
            "chatwoot", "image", "media", "", "31", "",
            #"{"event":"message_created","id":31,"account":{"id":1},"private":false,"content":null,"message_type":"incoming","attachments":[{"file_type":"image"}],"conversation":{"id":88,"status":"pending"}}"#
        ),
        Payload(
            "chatwoot", "open_conversation", "ignore", "", "31", "",
            #"{"event":"message_created","id":31,"account":{"id":1},"private":false,"content":"hola","message_type":"incoming","conversation":{"id":88,"status":"open"}}"#
        ),
        Payload(
            "chatwoot", "private_note", "ignore", "", "31", "",
            #"{"event":"message_created","id":31,"private":true,"content":"ojo","message_type":"outgoing","sender":{"type":"user"},"conversation":{"id":88,"status":"open"}}"#
        ),
        Payload(
            "chatwoot", "agent", "human", "", "31", "Hola",
            #"{"event":"message_created","id":31,"account":{"id":1},"private":false,"content":"Hola","message_type":"outgoing","sender":{"id":7,"type":"user"},"conversation":{"id":88,"status":"open"}}"#
        ),
        Payload(
            "chatwoot", "agent_attachment", "human", "", "31", "(adjunto)",
            #"{"event":"message_created","id":31,"account":{"id":1},"private":false,"content":null,"message_type":"outgoing","sender":{"id":7,"type":"user"},"conversation":{"id":88,"status":"open"}}"#
        ),
        Payload(
            "chatwoot", "activity", "ignore", "", "31", "",
            #"{"event":"message_created","id":31,"account":{"id":1},"private":false,"content":"Ana resolved","message_type":"activity","conversation":{"id":88,"status":"pending"}}"#
        ),
        Payload(
            "chatwoot", "selection", "turn", "", "31#si#1", "Sí",
            #"{"event":"message_updated","id":31,"account":{"id":1},"content_type":"input_select","content_attributes":{"submitted_values":[{"title":"Sí","value":"si#1"}]},"conversation":{"id":88,"status":"pending"}}"#
        ),
        Payload(
            "chatwoot", "survey", "ignore", "", "31", "",
            #"{"event":"message_updated","id":31,"content_type":"input_csat","content_attributes":{"submitted_values":{"csat_survey_response":{"rating":5}}},"conversation":{"id":88}}"#
        ),
        Payload(
            "chatwoot", "status_open", "ignore", "", "", "",
            #"{"event":"conversation_status_changed","id":88,"status":"open","updated_at":1767603600}"#),
        Payload(
            "chatwoot", "conversation_opened", "ignore", "", "", "",
            #"{"event":"conversation_opened","id":88,"status":"open","account":{"id":1},"updated_at":1767603600.5}"#),
        Payload(
            "chatwoot", "mail", "turn", "", "31", "dale",
            #"{"event":"message_created","id":31,"account":{"id":1},"private":false,"content":"dale\n\nEl mar, 24 nov 2026 a las 10:00, Red Fibra <a@b> escribió:\n> ¿Confirmás?","content_type":"incoming_email","message_type":"incoming","conversation":{"id":88,"status":"pending"}}"#
        ),
        Payload(
            "chatwoot", "mail_with_its_answer", "turn", "", "31", "dale",
            #"{"event":"message_created","id":31,"account":{"id":1},"private":false,"content":"x","content_type":"incoming_email","content_attributes":{"email":{"text_content":{"full":"x","reply":"dale\n"}}},"message_type":"incoming","conversation":{"id":88,"status":"pending"}}"#
        ),
        Payload(
            "chatwoot", "captain", "ignore", "", "31", "",
            #"{"event":"message_created","id":31,"account":{"id":1},"private":false,"content":"hola","message_type":"outgoing","sender":{"id":1,"type":"captain_assistant"},"conversation":{"id":88,"status":"pending"}}"#
        ),
        Payload(
            "chatwoot", "status_snoozed", "ignore", "", "", "",
            #"{"event":"conversation_status_changed","id":88,"status":"snoozed","updated_at":1767603600}"#),
        Payload(
            "chatwoot", "status_pending", "ignore", "", "", "",
            #"{"event":"conversation_status_changed","id":88,"status":"pending","updated_at":1767603600}"#),
        Payload(
            "chatwoot", "status_resolved", "ignore", "", "", "",
            #"{"event":"conversation_status_changed","id":88,"status":"resolved","updated_at":1767603600}"#),
        Payload(
            "chatwoot", "webwidget_triggered", "ignore", "", "", "",
            #"{"event":"webwidget_triggered","id":1}"#),
        Payload(
            "chatwoot", "conversation_typing_on", "ignore", "", "", "",
            #"{"event":"conversation_typing_on","id":1}"#),
        Payload(
            "chatwoot", "contact_created", "ignore", "", "", "",
            #"{"event":"contact_created","id":1}"#),
        Payload(
            "chatwoot", "contact_updated", "ignore", "", "", "",
            #"{"event":"contact_updated","id":1}"#),
        Payload(
            "chatwoot", "conversation_updated", "ignore", "", "", "",
            #"{"event":"conversation_updated","id":1}"#),
        Payload(
            "chatwoot", "inbox_created", "ignore", "", "", "",
            #"{"event":"inbox_created","id":1}"#),
        Payload(
            "chatwoot", "event_of_tomorrow", "ignore", "", "", "",
            #"{"event":"event_of_tomorrow","id":1}"#),
        Payload(
            "chatwoot", "text_null", "reject", "", "", "",
            #"{"event":"message_created","id":31,"account":{"id":1},"private":false,"content":null,"message_type":"incoming","conversation":{"id":88,"status":"pending"}}"#
        ),
        Payload(
            "chatwoot", "no_event", "reject", "", "", "",
            #"{"id":1}"#),
        Payload(
            "chatwoot", "a_list", "reject", "", "", "",
            #"[]"#),
    ]

    private static let generic: [Payload] = [
        Payload(
            "generic", "button", "turn", "ana", "1", "Sí",
            #"{"id":"1","from":"ana","button":"si#1","text":"Sí"}"#),
        Payload(
            "generic", "moment", "turn", "ana", "1", "mañana",
            #"{"id":"1","from":"ana","text":"mañana","at":"2026-11-23T10:00:00-03:00"}"#),
        Payload(
            "generic", "emoji", "turn", "ana", "1", "👍🏽",
            #"{"id":"1","from":"ana","text":"👍🏽"}"#),
        Payload(
            "generic", "escaped", "turn", "ana", "1", "👍",
            #"{"id":"1","from":"ana","text":"\ud83d\udc4d"}"#),
        Payload(
            "generic", "id_number", "reject", "", "", "",
            #"{"id":1,"from":"ana","text":"x"}"#),
        Payload(
            "generic", "text_null", "reject", "", "", "",
            #"{"id":"1","from":"ana","text":null}"#),
        Payload(
            "generic", "moment_number", "reject", "", "", "",
            #"{"id":"1","from":"ana","text":"x","at":1795521600}"#),
        Payload(
            "generic", "half_a_surrogate", "reject", "", "", "",
            #"{"id":"1","from":"ana","text":"\ud83d"}"#),
        Payload(
            "generic", "id_of_two_lines", "reject", "", "", "",
            #"{"id":"1\n2","from":"ana","text":"x"}"#),
        Payload(
            "generic", "two_objects", "reject", "", "", "",
            #"{"id":"1","from":"ana","text":"x"}{}"#),
        Payload(
            "generic", "a_list", "reject", "", "", "",
            #"[{"id":"1","from":"ana","text":"x"}]"#),
    ]

    private static let mail: [Payload] = [
        Payload(
            "mail", "gmail", "turn", "ana@example.com", "<1@example.com>", "dale",
            #"From: Ana <ana@example.com>\#nMessage-ID: <1@example.com>\#nContent-Type: multipart/alternative; boundary="0001"\#n\#n--0001\#nContent-Type: text/plain; charset="UTF-8"\#n\#ndale\#n\#nEl mar, 24 nov 2026 a las 10:00, Red Fibra con un nombre que es muy largo\#n<avisos@fibra.example>\#nescribió:\#n\#n> ¿Confirmás?\#n--0001\#nContent-Type: text/html\#n\#n<div>dale</div>\#n--0001--\#n"#
        ),
        Payload(
            "mail", "iphone", "turn", "ana@example.com", "<1@example.com>", "dale",
            #"From: Ana <ana@example.com>\#nMessage-ID: <1@example.com>\#n\#ndale\#n\#nEnviado desde mi iPhone\#n\#n> El 24 nov 2026, a las 10:00, Red Fibra escribió:\#n> x\#n"#
        ),
        Payload(
            "mail", "outlook_android", "turn", "ana@example.com", "<1@example.com>", "dale",
            #"From: Ana <ana@example.com>\#nMessage-ID: <1@example.com>\#n\#ndale\#n\#nObtener Outlook para Android\#n________________________________\#nDe: Red Fibra\#n"#
        ),
        Payload(
            "mail", "portuguese", "turn", "ana@example.com", "<1@example.com>", "dale",
            #"From: Ana <ana@example.com>\#nMessage-ID: <1@example.com>\#n\#ndale\#n\#nEm ter., 24 de nov. de 2026 às 10:00, Red Fibra <a@b> escreveu:\#n> x\#n"#
        ),
        Payload(
            "mail", "below_the_quote", "turn", "ana@example.com", "<1@example.com>", "dale",
            "From: Ana <ana@example.com>\nMessage-ID: <1@example.com>\nIn-Reply-To: <m1@fibra.example>\n\nEl mar, 24 nov 2026 a las 10:00, Red Fibra escribió:\n> ¿Confirmás?\n\ndale\n"
        ),
        Payload(
            "mail", "exchange_nested", "turn", "ana@example.com", "<1@example.com>", "dale",
            "From: \"Sosa; Ana\" <ana@example.com>\nMessage-ID:\n <1@example.com>\nContent-Type: multipart/related;\n\tboundary=\"_004_;X_\";\n\ttype=\"multipart/alternative\"\n\n--_004_;X_\nContent-Type: multipart/alternative; boundary=\"_000_X_\"\n\n--_000_X_\nContent-Type: text/plain; charset=\"Windows-1252\"\nContent-Transfer-Encoding: Quoted-Printable\n\ndale\n\n________________________________\nDe: Red Fibra =96 avisos\n--_000_X_\nContent-Type: text/html\n\n<p>dale</p>\n--_000_X_--\n--_004_;X_\nContent-Type: image/png; name=\"logo.png\"\n\niVBORw==\n--_004_;X_--\n"
        ),
        Payload(
            "mail", "photo_only", "media", "ana@example.com", "<1@example.com>", "",
            "From: Ana <ana@example.com>\nMessage-ID: <1@example.com>\nSubject: comprobante\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\n\n\nEnviado desde mi iPhone\n--x\nContent-Type: image/jpeg; name=IMG_1.jpeg\nContent-Disposition: inline\n\n/9j/\n--x--\n"
        ),
        Payload(
            "mail", "signed", "turn", "ana@example.com", "<1@example.com>", "dale",
            "From: Ana <ana@example.com>\nMessage-ID: <1@example.com>\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=x\n\n--x\nContent-Type: text/plain\n\ndale\n--x\nContent-Type: application/pkcs7-signature; name=smime.p7s\nContent-Disposition: attachment\n\nMII\n--x--\n"
        ),
        Payload(
            "mail", "forwarded", "turn", "ana@example.com", "<1@example.com>", "ya lo pagué",
            "From: Ana <ana@example.com>\nMessage-ID: <1@example.com>\nSubject: Rv: Tu factura\n\nya lo pagué\n\n---------- Forwarded message ---------\nDe: Red Fibra\nSaldo: $ 100\n"
        ),
        Payload(
            "mail", "quote_only", "ignore", "", "", "",
            "From: Ana <ana@example.com>\nMessage-ID: <1@example.com>\nSubject: Re: Tu factura\n\n> ¿Confirmás?\n"),
        Payload(
            "mail", "comment_in_the_sender", "turn", "ana@example.com", "<1@example.com>", "dale",
            #"From: ana@example.com (Ana Sosa)\#nMessage-ID: <1@example.com>\#n\#ndale\#n"#),
        Payload(
            "mail", "answer_from_who_is_away", "ignore", "", "", "",
            #"From: Ana <ana@example.com>\#nMessage-ID: <1@example.com>\#nSubject: =?utf-8?Q?Respuesta_autom=C3=A1tica:_tu_cuenta?=\#n\#nVuelvo el lunes.\#n"#
        ),
        Payload(
            "mail", "exchange_away", "ignore", "", "", "",
            #"From: Ana <ana@example.com>\#nMessage-ID: <1@example.com>\#nX-Auto-Response-Suppress: All\#nSubject: x\#n\#nVuelvo el lunes.\#n"#
        ),
        Payload(
            "mail", "newsletter", "ignore", "", "", "",
            #"From: Ana <ana@example.com>\#nMessage-ID: <1@example.com>\#nList-Unsubscribe: <mailto:x@y>\#n\#nOfertas\#n"#
        ),
        Payload(
            "mail", "nobody_reads", "ignore", "", "", "",
            #"From: No Reply <no-reply@banco.example>\#nMessage-ID: <2@x>\#n\#nTu turno\#n"#),
        Payload(
            "mail", "read_receipt", "ignore", "", "", "",
            #"From: Ana <ana@example.com>\#nMessage-ID: <1@example.com>\#nContent-Type: multipart/report; report-type=disposition-notification; boundary=x\#n\#n--x\#n\#nLeído\#n--x--\#n"#
        ),
        Payload(
            "mail", "exim_bounce", "ignore", "", "", "",
            #"From: Mail Delivery System <Mailer-Daemon@mx.example>\#nMessage-ID: <3@x>\#nX-Failed-Recipients: ana@example.com\#n\#nThis message was created automatically\#n"#
        ),
        Payload(
            "mail", "bounce", "status", "", "<m000001.abc@fibra.example>", "",
            #"From: MAILER-DAEMON (Mail Delivery System)\#nSubject: Undelivered Mail Returned to Sender\#nMessage-ID: <b@mx>\#nContent-Type: multipart/report; report-type=delivery-status;\#n boundary="B/1"\#n\#n--B/1\#n\#nThis is the mail system.\#n--B/1\#nContent-Type: message/delivery-status\#n\#nReporting-MTA: dns; mx.example\#n\#nFinal-Recipient: rfc822; ana@example.com\#nAction: failed\#nStatus: 5.1.1\#n--B/1\#nContent-Type: message/rfc822\#n\#nMessage-ID: <m000001.abc@fibra.example>\#nSubject: x\#n\#nHola\#n--B/1--\#n"#
        ),
        Payload(
            "mail", "delayed", "ignore", "", "", "",
            #"From: MAILER-DAEMON (Mail Delivery System)\#nSubject: Undelivered Mail Returned to Sender\#nMessage-ID: <b@mx>\#nContent-Type: multipart/report; report-type=delivery-status;\#n boundary="B/1"\#n\#n--B/1\#n\#nThis is the mail system.\#n--B/1\#nContent-Type: message/delivery-status\#n\#nReporting-MTA: dns; mx.example\#n\#nFinal-Recipient: rfc822; ana@example.com\#nAction: delayed\#nStatus: 5.1.1\#n--B/1\#nContent-Type: message/rfc822\#n\#nMessage-ID: <m000001.abc@fibra.example>\#nSubject: x\#n\#nHola\#n--B/1--\#n"#
        ),
        Payload(
            "mail", "without_id", "reject", "", "", "",
            #"From: ana@example.com\#n\#nhola\#n"#),
    ]
}

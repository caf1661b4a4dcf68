"""How mail programs and people mark what is not new in a message, in many languages (data of ``mail_text``)."""

from typing import Final

#: "On 3 May, someone wrote:" - a word that ends such a line.
WROTE_WORDS: Final = (
    "wrote", "writes", "schrieb", "geschrieben", "a écrit", "escribió", "ha escrito", "ha scritto", "scrisse",
    "escreveu", "schreef", "heeft geschreven", "napisał", "napisała", "napisał(a)", "napsal", "napísal", "skrev",
    "kirjoitti", "a scris", "írta", "yazdı", "şunu yazdı", "написал", "пише", "написав", "έγραψε", "の投稿", "写道",
    "寫道", "작성", "كتب", "כתב",
)  # fmt: skip

#: The first line of a header block ("From: …") and the lines that may follow it.
FROM_LABELS: Final = (
    "from", "von", "de", "da", "van", "från", "fra", "od", "lähettäjä", "feladó", "gönderen", "от", "від", "από",
    "发件人", "寄件者", "差出人", "보낸 사람", "من", "מאת",
)  # fmt: skip
HEADER_LABELS: Final = (
    "sent", "to", "cc", "date", "subject", "gesendet", "an", "datum", "betreff", "envoyé", "à", "objet", "date",
    "enviado", "enviado el", "para", "asunto", "fecha", "inviato", "a", "oggetto", "data", "enviada em", "assunto",
    "verzonden", "aan", "onderwerp", "skickat", "till", "ämne", "sendt", "til", "emne", "wysłano", "do", "temat",
    "odesláno", "komu", "předmět", "lähetetty", "vastaanottaja", "aihe", "отправлено", "кому", "тема", "дата",
    "发送时间", "收件人", "主题", "送信日時", "宛先", "件名", "보낸 날짜", "받는 사람", "제목",
)  # fmt: skip

#: Whole lines (dashes and case aside) that open quoted history.
SEPARATOR_LINES: Final = (
    "original message", "ursprüngliche nachricht", "originalnachricht", "message d'origine", "mensaje original",
    "messaggio originale", "mensagem original", "oorspronkelijk bericht", "ursprungligt meddelande",
    "oprindelig meddelelse", "wiadomość oryginalna", "původní zpráva", "исходное сообщение", "forwarded message",
    "begin forwarded message", "weitergeleitete nachricht", "message transféré", "mensaje reenviado",
    "messaggio inoltrato", "mensagem encaminhada", "doorgestuurd bericht", "原始邮件", "please reply above this line",
    "##- please type your reply above this line -##",
)  # fmt: skip

#: A line of only these words (and at most a name behind them) opens a signature.
SIGN_OFFS: Final = (
    "best regards", "kind regards", "warm regards", "warmest regards", "many thanks and best regards",
    "thanks and regards", "thanks & regards", "with kind regards", "with best regards", "regards", "best wishes",
    "all the best", "best", "cheers", "sincerely", "yours sincerely", "yours faithfully", "yours truly",
    "respectfully", "thanks", "many thanks", "thank you", "thanks in advance", "thank you in advance", "cordially",
    "mit freundlichen grüßen", "mit freundlichen gruessen", "mit freundlichem gruß", "freundliche grüße",
    "freundliche grüsse", "mit besten grüßen", "beste grüße", "viele grüße", "viele grüsse", "liebe grüße", "grüße",
    "herzliche grüße", "schöne grüße", "mfg", "lg", "vg", "hochachtungsvoll", "vielen dank und viele grüße",
    "cordialement", "bien cordialement", "très cordialement", "bien à vous", "salutations", "meilleures salutations",
    "sincères salutations", "bonne journée", "cdlt", "merci d'avance", "saludos", "un saludo", "saludos cordiales",
    "un cordial saludo", "atentamente", "cordialmente", "muchas gracias", "gracias", "gracias de antemano",
    "cordiali saluti", "distinti saluti", "un saluto", "saluti", "grazie mille", "grazie", "atenciosamente",
    "cumprimentos", "melhores cumprimentos", "com os melhores cumprimentos", "obrigado", "obrigada", "att",
    "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "groeten", "groet", "mvg",
    "alvast bedankt",
    "med vänliga hälsningar", "vänliga hälsningar", "mvh", "hälsningar", "med venlig hilsen", "venlig hilsen",
    "med vennlig hilsen", "vennlig hilsen", "ystävällisin terveisin", "terveisin", "z poważaniem", "pozdrawiam",
    "s pozdravem", "с уважением", "з повагою", "saygılarımla", "üdvözlettel", "cu stimă", "με εκτίμηση", "敬具",
    "よろしくお願いいたします", "此致", "此致敬礼", "谢谢", "감사합니다", "مع تحياتي", "בברכה",
)  # fmt: skip

#: Lines that begin so close a message: devices and legal notices.
TRAILER_STARTS: Final = (
    "sent from my", "sent from outlook", "sent from mail for", "sent via", "get outlook for", "sent with proton",
    "von meinem iphone gesendet", "von meinem ipad gesendet", "gesendet von", "gesendet mit", "envoyé de mon",
    "envoyé depuis", "envoyé à partir de", "enviado desde mi", "enviado do meu", "enviado desde", "enviado do",
    "inviato da", "verzonden vanaf", "verstuurd vanaf", "skickat från min", "sendt fra min", "lähetetty iphonesta",
    "wysłane z", "odesláno z", "отправлено с", "iphoneから送信", "发自我的", "나의 iphone에서 보냄",
    "confidentiality notice", "disclaimer:", "this e-mail and any", "this email and any", "this e-mail is confidential",
    "this email is confidential", "this message is intended", "the information contained in this",
    "diese e-mail enthält vertrauliche", "diese nachricht ist vertraulich", "ce message est confidentiel",
    "ce message et toutes", "este mensaje es confidencial", "este correo electrónico", "questo messaggio è riservato",
    "esta mensagem é confidencial", "dit bericht is vertrouwelijk", "virenfrei.", "virus-free.",
)  # fmt: skip

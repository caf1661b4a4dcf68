import type { overlays as english } from '../en/overlays'

export const overlays: typeof english = {
  newVersion: 'Eine neue Version ist da. Was du gerade schreibst, bleibt erhalten.',
  reload: 'Neu laden',
  notShownAgain: 'Das wird nicht noch einmal gezeigt. Trotzdem schließen?',
  closeAnyway: 'Schließen',
  commandPlaceholder: 'Befehl eingeben oder suchen …',
  commandInput: 'Befehle und Anliegen suchen',
  commandEmpty: 'Nichts gefunden. Versuche ein Wort aus dem Betreff oder den Namen der Person.',
  helpHint: 'Was sie tun, geht auch mit der Maus.',
  helpSingleKeys: 'Kürzel aus einer einzelnen Taste',
  helpSingleKeysHint: 'Aus: Es gelten nur Kürzel mit Strg oder ⌘.',
  leaveTitle: 'Ohne Speichern verlassen?',
  leaveHint: 'Was du hier geändert hast, ist noch nicht gespeichert.',
  waitForSend: 'Es wird gewartet, bis angekommen ist, was du gesendet hast …',
  sendHangs: 'Auf etwas, das du gesendet hast, gibt es noch keine Antwort. Du bist noch angemeldet; versuche es gleich noch einmal.',
  unsentTitle: 'Abmelden, ohne zu senden?',
  unsentHint: 'Eine Antwort an alle einer Störung ist nicht gesendet, oder es ist nicht bekannt, ob sie es ist. Sie liegt nur auf diesem Gerät und ist nach dem Abmelden weg.',
  unsentLeave: 'Abmelden',
  leave: 'Verlassen',
  secondFactorNeeded: 'Deine Rolle braucht einen zweiten Faktor, bevor du arbeiten kannst.',
  secondFactorSetUp: 'Einrichten',
}

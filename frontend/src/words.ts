/** What the script itself says. Both languages side by side: a missing one does not compile. */
const WORDS = {
  restored: ["已恢复未提交的内容（保存于 {at}）", "Restored what you had not sent (saved {at})"],
  restoredStale: ["此后内容已有变化，提交前请核对。", "It has changed since then; please check before sending."],
  discard: ["丢弃", "Discard"],
  discardQuestion: ["丢弃这份草稿？无法找回。", "Discard this draft? It cannot be brought back."],
  draftSaved: ["草稿已存 {at}", "Draft saved {at}"],
  logoutDrafts: ["有 {n} 份未提交的草稿，退出后将从本机清除。", "{n} unsent draft(s) will be removed from this computer."],
  copied: ["已复制", "Copied"],
  copyFailed: ["没有复制成功，请手动选取。", "Could not copy; please select it by hand."],
  confirmTitle: ["请确认", "Please confirm"],
  ok: ["确定", "OK"],
  cancel: ["取消", "Cancel"],
  close: ["关闭", "Close"],
  selected: ["已选 {n} 件", "{n} selected"],
  offline: ["网络不通，没有提交。填写的内容还在，请稍后再试。", "No connection: nothing was sent. What you typed is still here."],
  timeout: ["等待太久没有回应。填写的内容还在，请再试一次。", "No answer in time. What you typed is still here; please try again."],
  forbidden: ["您没有做这件事的权限。", "You may not do this."],
  missing: ["没有找到，可能已被移走。", "Not found; it may have been moved."],
  conflict: ["刚才有别人改动了它，请刷新后核对。", "Somebody else has just changed it; please reload and check."],
  tooMany: ["操作太频繁，请稍等再试。", "Too many attempts; please wait a moment."],
  tooLarge: ["内容或附件太大。", "The text or file is too large."],
  serverError: ["系统出错，没有提交。填写的内容还在，请再试一次。", "Something failed on our side: nothing was sent. What you typed is still here."],
  signedInAgain: ["已重新登录，请再提交一次。", "Signed in again; please send once more."],
  otherMember: ["登录的是另一个账号，页面即将刷新。", "Another account has signed in; the page will reload."],
  loginFailed: ["登录页打不开，请在新标签页登录。", "The sign-in page could not be opened; please use a new tab."],
  remove: ["移除 {name}", "Remove {name}"],
  filesAdded: ["已添加 {n} 个文件", "{n} file(s) added"],
  aimMissed: ["已超过目标时长", "Past the time we aim for"],
  justNow: ["刚刚", "just now"],
  inAMoment: ["马上", "in a moment"],
  ago: ["{span}前", "{span} ago"],
  ahead: ["{span}后", "in {span}"],
  left: ["剩 {span}", "{span} left"],
  over: ["超时 {span}", "{span} overdue"],
  dueNow: ["即将到期", "due now"],
  days: ["{n} 天", "{n}d"],
  hours: ["{n} 小时", "{n}h"],
  minutes: ["{n} 分钟", "{n}min"],
  justDid: ["{who} 刚刚做了：{what}", "{who} just now: {what}"],
  seeChanges: ["查看更新", "Show changes"],
  partsKept: ["已更新。您正在填写的部分没有动。", "Updated. What you are filling in was left as it is."],
  rowsChanged: ["{n} 件有更新", "{n} updated"],
  showRows: ["点击显示", "Show"],
  streamLost: ["实时更新已断开，页面照常使用。", "Live updates are off; the pages work as usual."],
  streamBack: ["实时更新已恢复。", "Live updates are back."],
  isViewing: ["{who} 正在查看", "{who} viewing"],
  isIdle: ["{who} 暂时离开", "{who} away"],
  isEditing: ["{who} 正在填写", "{who} writing"],
  waitingForYou: ["{n} 项等您处理", "{n} waiting for you"],
  actsHere: ["这个页面上可以做的", "On this page"],
  found: ["{n} 个结果", "{n} result(s)"],
  thenEnter: ["{label}（再按回车）", "{label} (then Enter)"],
} as const satisfies Record<string, readonly [zh: string, en: string]>;

export type Word = keyof typeof WORDS;

export const isChinese = (): boolean => document.documentElement.lang.toLowerCase().startsWith("zh");

export function say(word: Word, values: Record<string, string | number> = {}): string {
  const text: string = WORDS[word][isChinese() ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
